/**
 * SASL mechanisms: the server's half of those by which users show that they know a password, have a
 * token, or have shown a certificate, and the client's half of PLAIN and LOGIN.
 *
 * <p>In: what the other side wrote, in base64. Out: the next challenge or response, or what an
 * authenticator is to check. Callers: smtp and imap sessions, auth, relay, client. Threads: an
 * exchange belongs to one thread. Passwords and tokens only on encrypted connections, which the
 * caller sees to. RFC 4422, RFC 4616, RFC 4954, RFC 5802, RFC 7628, RFC 7677; LOGIN and XOAUTH2
 * have no standard.
 */
@NullMarked
package dev.postrider.protocol.sasl;

import org.jspecify.annotations.NullMarked;
