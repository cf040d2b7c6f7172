/**
 * Messages in mailboxes: their numbers, flags and bytes.
 *
 * <p>In: UIDs, flags, bytes. Out: rows, deltas since a MODSEQ, byte ranges. Callers: imap,
 * delivery, relay. Threads: any. RFC 3501 section 2.3.
 */
@NullMarked
package dev.postrider.storage.messages;

import org.jspecify.annotations.NullMarked;
