/**
 * Gives back the room that is taken in the log by what nobody needs any more.
 *
 * <p>In: tables, and segments that are mostly dead. Out: the same bodies at the head of the log,
 * and fewer segments. Callers: the store alone. Threads: one at a time, beside everybody.
 */
@NullMarked
package dev.postrider.storage.collection;

import org.jspecify.annotations.NullMarked;
