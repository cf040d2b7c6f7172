package dev.postrider.protocol.message;

import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.List;
import java.util.Optional;

/**
 * What messages are sorted and threaded by. RFC 5256 section 2; the displayed names are those of
 * RFC 5957 section 3. Texts are decoded; who compares them does so without regard to case.
 *
 * @param subject the base subject
 * @param isReply whether the subject says that it is a reply or was forwarded
 * @param sent empty when the Date field cannot be read: the internal date counts then
 * @param from local part of the first address, or empty
 * @param to likewise
 * @param cc likewise
 * @param displayFrom name of the first address where it has one, else {@code local-part@domain}, or
 *     empty
 * @param displayTo likewise
 */
public record SortKeys(
    String subject,
    boolean isReply,
    Optional<Instant> sent,
    String from,
    String to,
    String cc,
    String displayFrom,
    String displayTo) {

  static SortKeys of(Envelope envelope) {
    BaseSubject subject = BaseSubject.of(envelope.subject().orElse(""));
    return new SortKeys(
        subject.text(),
        subject.isReply(),
        envelope.date().flatMap(MailDate::parse).map(OffsetDateTime::toInstant),
        mailbox(envelope.from()),
        mailbox(envelope.to()),
        mailbox(envelope.cc()),
        display(envelope.from()),
        display(envelope.to()));
  }

  private static String mailbox(List<Address> addresses) {
    return addresses.isEmpty() ? "" : HeaderText.decode(addresses.getFirst().mailbox().orElse(""));
  }

  /** Of a group its name, which stands in the place of a mailbox. */
  private static String display(List<Address> addresses) {
    if (addresses.isEmpty()) {
      return "";
    }
    Address first = addresses.getFirst();
    String name = HeaderText.decode(first.name().orElse(""));
    if (!name.isEmpty()) {
      return name;
    }
    String host = first.host().filter(text -> !text.isEmpty()).map(text -> "@" + text).orElse("");
    return HeaderText.decode(first.mailbox().orElse("") + host);
  }
}
