package dev.postrider.server.relay;

import dev.postrider.protocol.address.MailAddress;
import dev.postrider.storage.messages.BodyId;
import dev.postrider.storage.queue.QueueEntry;
import java.util.List;
import java.util.Optional;

/** One message for some recipients at one destination. At least one entry; all have one key. */
record Transaction(Key key, List<QueueEntry> entries) {

  /** RFC 5321 section 4.5.3.1.8: every server takes this many. */
  static final int RECIPIENTS_MAX = 100;

  Transaction {
    entries = List.copyOf(entries);
  }

  /** What the recipients of one transaction have in common. */
  record Key(
      BodyId body,
      long octets,
      Optional<MailAddress> sender,
      String traceId,
      boolean smtpUtf8,
      boolean eightBit) {

    static Key of(QueueEntry entry) {
      return new Key(
          entry.body(),
          entry.octets(),
          entry.sender(),
          entry.traceId(),
          entry.smtpUtf8(),
          entry.eightBit());
    }
  }
}
