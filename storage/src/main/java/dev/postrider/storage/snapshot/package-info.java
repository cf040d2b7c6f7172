/**
 * All that the tables hold, in one file, so that the log behind it is enough to make them again.
 *
 * <p>In: tables as they were at one moment. Out: changes that make the same rows. Callers: the
 * store alone. Threads: one at a time.
 */
@NullMarked
package dev.postrider.storage.snapshot;

import org.jspecify.annotations.NullMarked;
