/**
 * Writing messages: new ones, answers, and raw ones that exist already, each as a file of final
 * octets.
 *
 * <p>In: a {@link Draft} or a raw message. Out: {@link OutgoingMessage}, which both SMTP and the
 * Sent folder take. Callers: cli. Threads: one at a time. RFC 5322, RFC 2045 to 2047, RFC 2231, RFC
 * 6532.
 */
@NullMarked
package dev.postrider.client.compose;

import org.jspecify.annotations.NullMarked;
