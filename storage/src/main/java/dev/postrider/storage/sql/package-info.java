/**
 * The projection of the log in H2: schema, queries, checkpoints.
 *
 * <p>In: changes. Out: rows. Callers: the store alone. Threads: any; connections come from a pool.
 */
@NullMarked
package dev.postrider.storage.sql;

import org.jspecify.annotations.NullMarked;
