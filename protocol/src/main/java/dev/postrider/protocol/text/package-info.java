/**
 * Lines and octets off a stream: the one buffer between a connection and its session.
 *
 * <p>In: an {@code InputStream}. Out: lines without their CRLF, and counted octets. Callers: smtp
 * and imap sessions, relay, client. Threads: one reader belongs to one thread at a time. RFC 5321
 * section 2.3.8, RFC 3501 section 2.2.
 */
@NullMarked
package dev.postrider.protocol.text;

import org.jspecify.annotations.NullMarked;
