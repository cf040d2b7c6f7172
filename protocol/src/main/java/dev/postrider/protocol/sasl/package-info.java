/**
 * Both halves of the SASL mechanisms that carry a password: PLAIN and LOGIN.
 *
 * <p>In: what the other side wrote, in base64. Out: the next challenge or response, or credentials
 * for an authenticator. Callers: smtp and imap sessions, relay, client. Threads: an exchange
 * belongs to one thread. Only for encrypted connections, which the caller sees to. RFC 4422, RFC
 * 4616, RFC 4954; LOGIN has no standard.
 */
@NullMarked
package dev.postrider.protocol.sasl;

import org.jspecify.annotations.NullMarked;
