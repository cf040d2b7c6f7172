/**
 * Messages: header fields, addresses, dates, where each MIME part lies, what is told of a message
 * without reading it again, and reports about delivery.
 *
 * <p>In: octets of a message, however broken. Out: values, and octets of reports. Nothing here
 * refuses a message for its content, but for the limits that are named. Callers: everybody.
 * Threads: any, values are immutable. RFC 5322, RFC 2045, RFC 2046, RFC 2047, RFC 2231, RFC 3464,
 * RFC 5256, RFC 6532, RFC 8970.
 *
 * <p>Where a text is called an <em>octet string</em>, each char of it is one octet (0 to 255) of
 * the message. Nothing is lost that way, whatever charset the sender meant.
 */
@NullMarked
package dev.postrider.protocol.message;

import org.jspecify.annotations.NullMarked;
