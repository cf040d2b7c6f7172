package dev.postrider.storage.queue;

import dev.postrider.protocol.address.MailAddress;
import dev.postrider.storage.messages.BodyId;
import java.time.Instant;
import java.util.Optional;

/**
 * A message that waits for a remote recipient.
 *
 * @param sender reverse-path; empty is the null reverse-path
 * @param attempts how many were made
 * @param lastReply what the peer or the network said last, empty before the first attempt
 * @param delayNoticed whether the sender was told of the delay
 */
public record QueueEntry(
    QueueId id,
    BodyId body,
    long octets,
    Optional<MailAddress> sender,
    MailAddress recipient,
    String traceId,
    boolean smtpUtf8,
    boolean eightBit,
    Instant queuedAt,
    Instant nextAttempt,
    int attempts,
    String lastReply,
    boolean delayNoticed) {}
