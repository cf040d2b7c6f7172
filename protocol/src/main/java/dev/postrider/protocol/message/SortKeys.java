package dev.postrider.protocol.message;

import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * What messages are sorted and threaded by. RFC 5256 section 2; the displayed names are those of
 * RFC 5957 section 3. Texts are decoded; who compares them does so without regard to case. Each is
 * found out when it is asked for: most commands need one of them, of very many messages.
 */
public final class SortKeys {

  private final Envelope envelope;
  private @Nullable BaseSubject subject;

  SortKeys(Envelope envelope) {
    this.envelope = envelope;
  }

  /** The base subject. */
  public String subject() {
    return baseSubject().text();
  }

  /** Whether the subject says that it is a reply or was forwarded. */
  public boolean isReply() {
    return baseSubject().isReply();
  }

  private BaseSubject baseSubject() {
    BaseSubject present = subject;
    if (present == null) {
      present = BaseSubject.of(envelope.subject().orElse(""));
      subject = present;
    }
    return present;
  }

  /** Empty when the Date field cannot be read: the internal date counts then. */
  public Optional<Instant> sent() {
    return envelope.date().flatMap(MailDate::parse).map(OffsetDateTime::toInstant);
  }

  /** Local part of the first address, or empty. */
  public String from() {
    return mailbox(envelope.from());
  }

  /** Likewise. */
  public String to() {
    return mailbox(envelope.to());
  }

  /** Likewise. */
  public String cc() {
    return mailbox(envelope.cc());
  }

  /** Name of the first address where it has one, else {@code local-part@domain}, or empty. */
  public String displayFrom() {
    return display(envelope.from());
  }

  /** Likewise. */
  public String displayTo() {
    return display(envelope.to());
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
