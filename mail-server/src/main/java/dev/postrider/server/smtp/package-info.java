/**
 * SMTP sessions: reception on 25, submission on 587 and 465.
 *
 * <p>In: a {@code net.Connection}. Out: messages to intake, replies to the peer. Callers: net,
 * through its handler. Threads: a session lives on one virtual thread; handlers return replies,
 * only the session writes. RFC 5321, RFC 6409.
 */
@NullMarked
package dev.postrider.server.smtp;

import org.jspecify.annotations.NullMarked;
