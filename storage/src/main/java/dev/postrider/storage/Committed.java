package dev.postrider.storage;

import dev.postrider.storage.mailboxes.MailboxId;
import dev.postrider.storage.messages.ModSeq;
import dev.postrider.storage.messages.Uid;
import dev.postrider.storage.queue.QueueId;
import java.util.List;

/** What a {@link Commit} was given, in the order of its deposits, filings and queue entries. */
public record Committed(List<Filed> filed, List<QueueId> queued) {

  public Committed {
    filed = List.copyOf(filed);
    queued = List.copyOf(queued);
  }

  /** The numbers of one message in one mailbox. {@code uidValidity} is 1 to 4294967295. */
  public record Filed(MailboxId mailbox, long uidValidity, Uid uid, ModSeq modSeq) {}
}
