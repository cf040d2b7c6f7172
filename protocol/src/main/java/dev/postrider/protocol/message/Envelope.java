package dev.postrider.protocol.message;

import java.util.List;
import java.util.Optional;

/**
 * Fields of a header as IMAP's ENVELOPE has them. RFC 3501 section 7.4.2. All are octet strings,
 * unfolded; a field that is absent from the header is empty.
 *
 * @param sender as in the header; {@code from} when absent or empty
 * @param replyTo likewise
 */
public record Envelope(
    Optional<String> date,
    Optional<String> subject,
    List<Address> from,
    List<Address> sender,
    List<Address> replyTo,
    List<Address> to,
    List<Address> cc,
    List<Address> bcc,
    Optional<String> inReplyTo,
    Optional<String> messageId) {

  /** Addresses of one message, with starts and ends of groups. Later ones are not listed. */
  public static final int ADDRESSES_MAX = 4096;

  public Envelope {
    from = List.copyOf(from);
    sender = sender.isEmpty() ? from : List.copyOf(sender);
    replyTo = replyTo.isEmpty() ? from : List.copyOf(replyTo);
    to = List.copyOf(to);
    cc = List.copyOf(cc);
    bcc = List.copyOf(bcc);
  }
}
