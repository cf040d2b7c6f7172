package dev.postrider.server.intake;

import dev.postrider.protocol.address.MailAddress;
import dev.postrider.storage.StoreException;
import dev.postrider.storage.messages.MessageSource;
import dev.postrider.storage.queue.QueueId;
import dev.postrider.storage.queue.Settlement;
import java.util.List;
import java.util.OptionalLong;

/** The one door for messages. */
public interface Intake {

  /**
   * What would become of mail for {@code recipient}.
   *
   * @param trusted whether the sender may relay
   * @param octets of the message, if it was announced
   */
  Recipient check(MailAddress recipient, boolean trusted, OptionalLong octets)
      throws StoreException;

  /**
   * Stores the message for every local recipient and queues it for every remote one, in one commit.
   * When it returns, the message is on disk. Recipients were checked before; when the account of
   * one has gone since, it throws NOT_FOUND and nothing is stored, so that the sender tries again
   * and learns it. Only a message from the null reverse-path goes on without that recipient. When
   * one of them has no room for it, it throws OVER_QUOTA, and nothing is stored either.
   *
   * @param message complete, with trace headers, lines ending in CRLF
   * @param settlements queue entries whose fate is decided in the same commit, such as that for
   *     which this message is the DSN
   */
  Accepted accept(Envelope envelope, MessageSource message, List<Settlement> settlements)
      throws StoreException;

  /** What was done, for the log and the reply. */
  record Accepted(int delivered, List<QueueId> queued) {}

  /** Fate of a recipient. */
  sealed interface Recipient {
    /** Has a mailbox here. */
    record Local() implements Recipient {}

    /** Has a mailbox here, and no room in it by the quota of the account. */
    record Full() implements Recipient {}

    /** To be relayed, which the sender may. */
    record Remote() implements Recipient {}

    /** Nobody of that name at a domain of ours. */
    record Unknown() implements Recipient {}

    /** Elsewhere, and the sender may not relay. */
    record RelayDenied() implements Recipient {}
  }
}
