/**
 * Mailboxes of an account: names, hierarchy, special use, subscriptions, UIDVALIDITY, and who may
 * do what with them.
 *
 * <p>In: names in Unicode with '/' between levels. Out: {@link Mailbox}. Callers: imap, delivery,
 * admin. Threads: any. RFC 3501 section 5.1, RFC 6154, RFC 5258, RFC 4314, RFC 5464.
 */
@NullMarked
package dev.postrider.storage.mailboxes;

import org.jspecify.annotations.NullMarked;
