/**
 * The grammar of IMAP: commands, sequence sets, mailbox names, responses.
 *
 * <p>In: octets of a peer, through a {@link dev.postrider.protocol.imap.CommandReader}. Out: {@link
 * dev.postrider.protocol.imap.ImapCommand} values, and octets of responses. Callers: the server's
 * sessions. Threads: a reader or writer belongs to one thread at a time, values to any. RFC 2177,
 * RFC 2342, RFC 2971, RFC 3501, RFC 3502, RFC 3516, RFC 3691, RFC 4314, RFC 4315, RFC 4466, RFC
 * 4469, RFC 4731, RFC 4959, RFC 4978, RFC 5032, RFC 5161, RFC 5182, RFC 5256, RFC 5258, RFC 5267,
 * RFC 5464, RFC 5530, RFC 5957, RFC 6154, RFC 6851, RFC 7162, RFC 7888, RFC 7889, RFC 8437, RFC
 * 8440, RFC 8474, RFC 8508, RFC 8970, RFC 9051, RFC 9585, RFC 9590.
 */
@NullMarked
package dev.postrider.protocol.imap;

import org.jspecify.annotations.NullMarked;
