/**
 * The log: segments, records, group commit, recovery.
 *
 * <p>In: changes with their numbers. Out: durable bytes, and the same changes again after a crash.
 * Callers: the store alone. Threads: writes on any thread, fsync on one platform thread.
 */
@NullMarked
package dev.postrider.storage.log;

import org.jspecify.annotations.NullMarked;
