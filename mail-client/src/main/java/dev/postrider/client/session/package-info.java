/**
 * Connections to mail servers and what travels over them. The only package that opens sockets.
 *
 * <p>In: an {@link dev.postrider.client.accounts.Account} and its password. Out: folders, message
 * summaries, parts of messages as streams, deliveries, what a server's ports say. Callers: cli.
 * Threads: one connection is used by one thread; only {@link Watcher} has a second one, to end an
 * IDLE. RFC 9051 and RFC 3501 (IMAP), RFC 6409 (submission), RFC 3207, RFC 2177, RFC 6851, RFC
 * 4315, RFC 6154. Angus Mail does the framing, the dialogue is ours: what it asks for, how much at
 * a time, and by UID only.
 */
@NullMarked
package dev.postrider.client.session;

import org.jspecify.annotations.NullMarked;
