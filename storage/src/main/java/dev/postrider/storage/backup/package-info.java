/**
 * Copies of a store that grow by what is new, and stores made from them.
 *
 * <p>In: segments, which do not change once they are ended, and a snapshot. Out: the same in
 * another directory, with a manifest that says what is whole. Callers: the store alone. Threads:
 * any.
 */
@NullMarked
package dev.postrider.storage.backup;

import org.jspecify.annotations.NullMarked;
