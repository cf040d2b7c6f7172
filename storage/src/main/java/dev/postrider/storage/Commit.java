package dev.postrider.storage;

import dev.postrider.storage.mailboxes.MailboxId;
import dev.postrider.storage.messages.Flags;
import dev.postrider.storage.messages.MessageSource;
import dev.postrider.storage.queue.NewQueueEntry;
import dev.postrider.storage.queue.Settlement;
import java.time.Instant;
import java.util.List;

/**
 * What is to happen in one atomic step: messages put down, and queue entries settled.
 *
 * @param deposits new messages; the bytes of each are stored once, however many mailboxes and
 *     remote recipients it has
 * @param settlements outcomes of queue entries
 */
public record Commit(List<Deposit> deposits, List<Settlement> settlements) {

  public Commit {
    deposits = List.copyOf(deposits);
    settlements = List.copyOf(settlements);
  }

  public static Commit of(Deposit deposit) {
    return new Commit(List.of(deposit), List.of());
  }

  public static Commit of(Settlement settlement) {
    return new Commit(List.of(), List.of(settlement));
  }

  /** One message and everywhere it goes. */
  public record Deposit(
      MessageSource message, List<Filing> filings, List<NewQueueEntry> queueEntries) {
    public Deposit {
      filings = List.copyOf(filings);
      queueEntries = List.copyOf(queueEntries);
    }
  }

  /** A place in a mailbox. {@code flags} are those that the message has from the start. */
  public record Filing(MailboxId mailbox, Flags flags, Instant internalDate) {}
}
