/**
 * The grammar of SMTP for both sides: commands, replies, capabilities and the framing of messages.
 *
 * <p>In: lines and octets from a {@link dev.postrider.protocol.text.LineReader}. Out: commands,
 * replies, octets of a message. Callers: smtp sessions, relay, client. Threads: values go anywhere,
 * a reader or writer belongs to one thread. RFC 5321, RFC 6409, RFC 1870, RFC 2034, RFC 2920, RFC
 * 3030, RFC 3207, RFC 3461, RFC 4954, RFC 6152, RFC 6531, RFC 8689.
 */
@NullMarked
package dev.postrider.protocol.smtp;

import org.jspecify.annotations.NullMarked;
