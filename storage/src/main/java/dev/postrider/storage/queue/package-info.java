/**
 * Messages that wait for another server, one entry per recipient.
 *
 * <p>In: new entries and outcomes, through a commit. Out: claimed entries. Callers: relay, admin.
 * Threads: any. RFC 5321 section 4.5.4.1.
 */
@NullMarked
package dev.postrider.storage.queue;

import org.jspecify.annotations.NullMarked;
