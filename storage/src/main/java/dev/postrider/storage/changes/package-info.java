/**
 * What happened in the store, and the signal that it did.
 *
 * <p>In: commits of the store. Out: signals without payload; readers read the change log. Callers:
 * imap waits for mailboxes, relay for the queue. Threads: any; a waiting virtual thread parks.
 */
@NullMarked
package dev.postrider.storage.changes;

import org.jspecify.annotations.NullMarked;
