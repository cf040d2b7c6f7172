package dev.postrider.storage;

import dev.postrider.storage.StoreException.Kind;
import dev.postrider.storage.changes.BodyDescription;
import dev.postrider.storage.changes.Change;
import dev.postrider.storage.changes.Commits;
import dev.postrider.storage.changes.Commits.Planned;
import dev.postrider.storage.changes.Numbers;
import dev.postrider.storage.mailboxes.MailboxId;
import dev.postrider.storage.messages.BodyId;
import dev.postrider.storage.messages.Descriptions;
import dev.postrider.storage.messages.MessageSource;
import dev.postrider.storage.messages.StoredMessages;
import dev.postrider.storage.messages.Uid;
import dev.postrider.storage.messages.UidSet;
import dev.postrider.storage.queue.NewQueueEntry;
import dev.postrider.storage.queue.Queue;
import dev.postrider.storage.queue.QueueEntry;
import dev.postrider.storage.queue.QueueId;
import dev.postrider.storage.queue.Settlement;
import java.time.Instant;
import java.time.InstantSource;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;

/** The changes that a {@link Commit} is; the same in every store. */
final class CommitPlan implements Commits.Plan<Committed> {

  private final Commit commit;
  private final Settling settling;
  private final InstantSource clock;
  private final List<Optional<BodyDescription>> descriptions = new ArrayList<>();

  /** Knows what an outcome means for an entry of the queue. */
  interface Settling {
    /** Throws NOT_FOUND. */
    Change settle(Settlement settlement) throws StoreException;
  }

  /**
   * Reads the messages that go into mailboxes, to describe them. Throws REFUSED for what cannot be
   * stored, CORRUPT for a message that cannot be read.
   */
  CommitPlan(Commit commit, Settling settling, InstantSource clock) throws StoreException {
    this.commit = commit;
    this.settling = settling;
    this.clock = clock;
    Set<QueueId> settled = new HashSet<>();
    for (Settlement settlement : commit.settlements()) {
      if (!settled.add(settlement.entry())) {
        throw new StoreException(
            Kind.REFUSED, "queue entry " + settlement.entry().value() + " is settled twice");
      }
    }
    for (Commit.Deposit deposit : commit.deposits()) {
      for (Commit.Filing filing : deposit.filings()) {
        StoredMessages.requireStorable(filing.flags());
      }
    }
    for (Commit.Deposit deposit : commit.deposits()) {
      descriptions.add(Descriptions.wanted(deposit));
    }
  }

  /** The bytes that are stored, in the order of the deposits. */
  List<MessageSource> sources() {
    return commit.deposits().stream().map(Commit.Deposit::message).toList();
  }

  /** Mailboxes that get messages or lose one, each once, by number. */
  List<MailboxId> mailboxes() {
    Stream<MailboxId> filled =
        commit.deposits().stream()
            .flatMap(deposit -> deposit.filings().stream())
            .map(Commit.Filing::mailbox);
    return Stream.concat(filled, commit.removal().map(Commit.Removal::mailbox).stream())
        .distinct()
        .sorted(Comparator.comparingLong(MailboxId::value))
        .toList();
  }

  @Override
  public Planned<Committed> plan(Numbers numbers, List<BodyId> bodies) throws StoreException {
    Instant now = clock.instant();
    List<Change> settlements = new ArrayList<>();
    for (Settlement settlement : commit.settlements()) {
      numbers.requireQueued(settlement.entry());
      settlements.add(settling.settle(settlement));
    }
    List<Change> changes = new ArrayList<>();
    List<Committed.Filed> filed = new ArrayList<>();
    List<QueueId> queued = new ArrayList<>();
    for (int i = 0; i < bodies.size(); i++) {
      Commit.Deposit deposit = commit.deposits().get(i);
      long octets = deposit.message().octets();
      BodyId body = bodies.get(i);
      descriptions.get(i).ifPresent(found -> changes.add(new Change.Described(body, found)));
      for (Commit.Filing filing : deposit.filings()) {
        Change.MessageFiled change = file(filing, body, octets, numbers, now);
        changes.add(change);
        filed.add(
            new Committed.Filed(
                filing.mailbox(),
                numbers.mailbox(filing.mailbox()).uidValidity(),
                change.uid(),
                change.modSeq()));
      }
      for (NewQueueEntry entry : deposit.queueEntries()) {
        QueueId id = numbers.nextQueueEntry();
        changes.add(new Change.QueueAdded(entry(id, body, octets, entry)));
        queued.add(id);
      }
    }
    if (commit.removal().isPresent()) {
      changes.add(removed(commit.removal().get(), numbers));
    }
    changes.addAll(settlements);
    return new Planned<>(changes, new Committed(filed, queued));
  }

  private Change.Expunged removed(Commit.Removal removal, Numbers numbers) throws StoreException {
    return new Change.Expunged(
        removal.mailbox(),
        numbers.mailbox(removal.mailbox()).nextModSeq(),
        UidSet.of(removal.uid().value()),
        clock.instant().truncatedTo(ChronoUnit.MILLIS),
        true);
  }

  private static Change.MessageFiled file(
      Commit.Filing filing, BodyId body, long octets, Numbers numbers, Instant now)
      throws StoreException {
    Numbers.Counters counters = numbers.mailbox(filing.mailbox());
    Uid uid = counters.nextUid();
    return new Change.MessageFiled(
        filing.mailbox(),
        uid,
        counters.nextModSeq(),
        body,
        octets,
        filing.flags(),
        filing.internalDate().truncatedTo(ChronoUnit.SECONDS),
        now.truncatedTo(ChronoUnit.SECONDS));
  }

  private static QueueEntry entry(QueueId id, BodyId body, long octets, NewQueueEntry entry) {
    return new QueueEntry(
        id,
        body,
        octets,
        entry.sender(),
        entry.recipient(),
        entry.traceId(),
        entry.smtpUtf8(),
        entry.eightBit(),
        Queue.stored(entry.queuedAt()),
        Queue.stored(entry.nextAttempt()),
        0,
        "",
        false);
  }
}
