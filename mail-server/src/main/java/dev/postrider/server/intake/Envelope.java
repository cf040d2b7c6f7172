package dev.postrider.server.intake;

import dev.postrider.protocol.address.MailAddress;
import java.util.List;
import java.util.Optional;

/**
 * Where a message comes from and whom it is for.
 *
 * @param sender reverse-path; empty is the null reverse-path
 * @param traceId session or transaction, for logs
 * @param smtpUtf8 whether SMTPUTF8 was declared
 * @param eightBit whether BODY=8BITMIME was declared
 */
public record Envelope(
    Optional<MailAddress> sender,
    List<MailAddress> recipients,
    String traceId,
    boolean smtpUtf8,
    boolean eightBit) {

  public Envelope {
    recipients = List.copyOf(recipients);
  }
}
