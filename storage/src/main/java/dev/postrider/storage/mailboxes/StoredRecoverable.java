package dev.postrider.storage.mailboxes;

import dev.postrider.storage.StoreException;
import dev.postrider.storage.changes.Change;
import dev.postrider.storage.changes.Commits;
import dev.postrider.storage.changes.Commits.Planned;
import dev.postrider.storage.changes.Numbers;
import dev.postrider.storage.messages.Flags;
import dev.postrider.storage.messages.Message;
import dev.postrider.storage.messages.StoredMessages;
import dev.postrider.storage.messages.SystemFlag;
import dev.postrider.storage.messages.UidSet;
import dev.postrider.storage.sql.ExpungedRows;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.stream.LongStream;

/**
 * What can be brought back.
 *
 * <p>Whoever brings back or forgets lets the structure stand from reading the rows until the change
 * is visible. A message comes back and is forgotten in one batch; so it is never doubled, whatever
 * happens in between.
 */
public final class StoredRecoverable implements Recoverable {

  /** Messages in one batch: what others wait for at most. */
  private static final int TOGETHER = 500;

  private final Commits commits;
  private final ExpungedRows rows;
  private final Mailboxes mailboxes;
  private final InstantSource clock;

  public StoredRecoverable(
      Commits commits, ExpungedRows rows, Mailboxes mailboxes, InstantSource clock) {
    this.commits = commits;
    this.rows = rows;
    this.mailboxes = mailboxes;
    this.clock = clock;
  }

  @Override
  public List<Found> find(Wanted wanted) throws StoreException {
    List<Found> found = new ArrayList<>();
    for (ExpungedRows.Place place : places(wanted)) {
      ExpungedRows.Sum sum = rows.sum(place.mailbox(), wanted.since());
      if (sum.messages() > 0) {
        found.add(new Found(place.name(), place.gone(), sum.messages(), sum.octets()));
      }
    }
    return List.copyOf(found);
  }

  @Override
  public List<Found> restore(Wanted wanted) throws StoreException {
    List<Found> restored = new ArrayList<>();
    for (ExpungedRows.Place place : places(wanted)) {
      int messages = 0;
      long octets = 0;
      List<Message> some = restoreSome(wanted, place);
      while (!some.isEmpty()) {
        messages += some.size();
        octets += some.stream().mapToLong(Message::octets).sum();
        some = restoreSome(wanted, place);
      }
      if (messages > 0) {
        restored.add(new Found(place.name(), place.gone(), messages, octets));
      }
    }
    return List.copyOf(restored);
  }

  private List<ExpungedRows.Place> places(Wanted wanted) throws StoreException {
    Optional<String> name = wanted.mailbox().map(MailboxNames::canonical);
    return rows.places(wanted.account()).stream()
        .filter(place -> name.isEmpty() || place.name().equals(name.get()))
        .toList();
  }

  private List<Message> restoreSome(Wanted wanted, ExpungedRows.Place place) throws StoreException {
    return commits.whileStructureStands(
        () -> {
          List<Message> some = rows.list(place.mailbox(), wanted.since(), TOGETHER);
          if (some.isEmpty()) {
            return some;
          }
          MailboxId target = target(wanted, place);
          List<Message> unmarked = some.stream().map(StoredRecoverable::unmarked).toList();
          return commits.commit(
              (numbers, none) -> {
                List<Change> changes = new ArrayList<>();
                Numbers.Counters counters = numbers.mailbox(target);
                StoredMessages.file(unmarked, target, counters, clock.instant(), changes);
                changes.add(new Change.Forgotten(place.mailbox(), StoredMessages.uidsOf(some)));
                return new Planned<>(changes, some);
              });
        });
  }

  private MailboxId target(Wanted wanted, ExpungedRows.Place place) throws StoreException {
    if (mailboxes.find(place.mailbox()).isPresent()) {
      return place.mailbox();
    }
    Optional<Mailbox> namesake = mailboxes.find(wanted.account(), place.name());
    return namesake.isPresent()
        ? namesake.get().id()
        : mailboxes.create(wanted.account(), place.name(), null).id();
  }

  /** Otherwise the next client that expunges would take it away again. */
  private static Message unmarked(Message message) {
    return new Message(
        message.uid(),
        message.modSeq(),
        message.flags().minus(Flags.of(SystemFlag.DELETED)),
        message.octets(),
        message.internalDate(),
        message.body());
  }

  /**
   * Forgets some of the messages that left before {@code until}, oldest first. Returns how many; 0
   * when there are none left.
   */
  public int forgetSome(Instant until) throws StoreException {
    return commits.whileStructureStands(
        () -> {
          List<ExpungedRows.Key> old = rows.olderThan(until, TOGETHER);
          if (old.isEmpty()) {
            return 0;
          }
          Map<Long, LongStream.Builder> byMailbox = new TreeMap<>();
          for (ExpungedRows.Key key : old) {
            byMailbox
                .computeIfAbsent(key.mailbox().value(), none -> LongStream.builder())
                .add(key.uid().value());
          }
          List<Change> changes = new ArrayList<>();
          byMailbox.forEach(
              (mailbox, uids) ->
                  changes.add(
                      new Change.Forgotten(
                          new MailboxId(mailbox), UidSet.of(uids.build().toArray()))));
          return commits.commit((numbers, none) -> new Planned<>(changes, old.size()));
        });
  }
}
