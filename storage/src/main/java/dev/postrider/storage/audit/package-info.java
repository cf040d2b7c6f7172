/**
 * Whether the store is what it should be, and making it so again.
 *
 * <p>In: the log and the tables. Out: findings. Callers: the store alone. Threads: any; it reads
 * beside everybody else and holds nothing that a commit needs.
 */
@NullMarked
package dev.postrider.storage.audit;

import org.jspecify.annotations.NullMarked;
