/**
 * Where a recipient's mail goes: to a mailbox here, to another server, nowhere.
 *
 * <p>In: a recipient. Out: a {@code Route}, and for a local one the mailbox and flags. Callers:
 * intake. Threads: any.
 */
@NullMarked
package dev.postrider.server.delivery;

import org.jspecify.annotations.NullMarked;
