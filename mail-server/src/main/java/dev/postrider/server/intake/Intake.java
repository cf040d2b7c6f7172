package dev.postrider.server.intake;

import dev.postrider.protocol.address.MailAddress;
import dev.postrider.storage.StoreException;
import dev.postrider.storage.messages.MessageSource;
import dev.postrider.storage.queue.QueueId;
import dev.postrider.storage.queue.Settlement;
import java.util.List;

/** The one door for messages. */
public interface Intake {

  /** What would become of mail for {@code recipient}. {@code trusted}: the sender may relay. */
  Recipient check(MailAddress recipient, boolean trusted) throws StoreException;

  /**
   * Stores the message for every local recipient and queues it for every remote one, in one commit.
   * When it returns, the message is on disk. Recipients were checked before; when the account of
   * one has gone since, it throws NOT_FOUND and nothing is stored, so that the sender tries again
   * and learns it. Only a message from the null reverse-path goes on without that recipient.
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

    /** To be relayed, which the sender may. */
    record Remote() implements Recipient {}

    /** Nobody of that name at a domain of ours. */
    record Unknown() implements Recipient {}

    /** Elsewhere, and the sender may not relay. */
    record RelayDenied() implements Recipient {}
  }
}
