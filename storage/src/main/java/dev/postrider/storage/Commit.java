package dev.postrider.storage;

import dev.postrider.storage.mailboxes.MailboxId;
import dev.postrider.storage.messages.Flags;
import dev.postrider.storage.messages.MessageSource;
import dev.postrider.storage.messages.Uid;
import dev.postrider.storage.queue.NewQueueEntry;
import dev.postrider.storage.queue.Settlement;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/**
 * What is to happen in one atomic step: messages put down, queue entries settled, a message
 * removed.
 *
 * @param deposits new messages; the bytes of each are stored once, however many mailboxes and
 *     remote recipients it has
 * @param settlements outcomes of queue entries
 * @param removal what the deposits take the place of
 * @param whateverQuota whether it may bring accounts above their limits
 */
public record Commit(
    List<Deposit> deposits,
    List<Settlement> settlements,
    Optional<Removal> removal,
    boolean whateverQuota) {

  public Commit {
    deposits = List.copyOf(deposits);
    settlements = List.copyOf(settlements);
  }

  public Commit(List<Deposit> deposits, List<Settlement> settlements) {
    this(deposits, settlements, Optional.empty(), false);
  }

  /** The same, above any limit too. */
  public Commit evenOverQuota() {
    return new Commit(deposits, settlements, removal, true);
  }

  public static Commit of(Deposit deposit) {
    return new Commit(List.of(deposit), List.of());
  }

  public static Commit of(Settlement settlement) {
    return new Commit(List.of(), List.of(settlement));
  }

  /** {@code deposit} in the place of a message. RFC 8508. */
  public static Commit replacing(Removal removal, Deposit deposit) {
    return new Commit(List.of(deposit), List.of(), Optional.of(removal), false);
  }

  /** One message and everywhere it goes. */
  public record Deposit(
      MessageSource message, List<Filing> filings, List<NewQueueEntry> queueEntries) {
    public Deposit {
      filings = List.copyOf(filings);
      queueEntries = List.copyOf(queueEntries);
    }
  }

  /**
   * A message that leaves its mailbox as if it were expunged, whatever its flags: it can be brought
   * back. When it is not there, nothing of the commit happens: NOT_FOUND.
   */
  public record Removal(MailboxId mailbox, Uid uid) {}

  /** A place in a mailbox. {@code flags} are those that the message has from the start. */
  public record Filing(MailboxId mailbox, Flags flags, Instant internalDate) {}
}
