package dev.postrider.storage.messages;

import java.time.Instant;

/**
 * A message in a mailbox, at one moment.
 *
 * @param octets RFC822.SIZE: the bytes as they are sent, with CRLF
 * @param internalDate when it arrived, to the second
 */
public record Message(
    Uid uid, ModSeq modSeq, Flags flags, long octets, Instant internalDate, BodyId body) {}
