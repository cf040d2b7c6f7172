package dev.postrider.storage.queue;

import dev.postrider.protocol.address.MailAddress;
import java.time.Instant;
import java.util.Optional;

/**
 * A remote recipient of a message that is being accepted.
 *
 * @param sender reverse-path; empty is the null reverse-path, to which no bounce goes
 * @param traceId session or transaction that brought the message, for logs and DSNs
 * @param smtpUtf8 whether the message or an address needs SMTPUTF8 (RFC 6531)
 * @param eightBit whether the body was declared 8BITMIME (RFC 6152)
 * @param nextAttempt first attempt not before
 */
public record NewQueueEntry(
    Optional<MailAddress> sender,
    MailAddress recipient,
    String traceId,
    boolean smtpUtf8,
    boolean eightBit,
    Instant queuedAt,
    Instant nextAttempt) {}
