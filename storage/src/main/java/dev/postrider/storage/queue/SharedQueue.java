package dev.postrider.storage.queue;

import dev.postrider.storage.StoreException;
import dev.postrider.storage.StoreException.Kind;
import dev.postrider.storage.changes.Change;
import dev.postrider.storage.changes.Commits;
import dev.postrider.storage.changes.Commits.Planned;
import dev.postrider.storage.sql.QueueLeases;
import dev.postrider.storage.sql.QueueRows;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The queue that several servers work on. What a server has claimed it holds by a lease in the
 * database, which it renews as long as it lives. What a server that died had is free when its lease
 * ends; the others look for that now and then.
 */
public final class SharedQueue implements Queue {

  private static final Logger log = LoggerFactory.getLogger(SharedQueue.class);

  private final Commits commits;
  private final QueueRows rows;
  private final QueueLeases leases;

  /** Claimed here, and not given back or settled. */
  private final Set<QueueId> held = ConcurrentHashMap.newKeySet();

  public SharedQueue(Commits commits, QueueRows rows, QueueLeases leases) {
    this.commits = commits;
    this.rows = rows;
    this.leases = leases;
  }

  @Override
  public List<QueueEntry> claim(Instant now, int max) throws StoreException {
    List<QueueEntry> found = new ArrayList<>();
    List<QueueId> claimed = leases.claim(now, max);
    try {
      for (QueueId id : claimed) {
        // One whose lease was lost meanwhile is still being worked on.
        Optional<QueueEntry> entry = held.contains(id) ? Optional.empty() : rows.find(id);
        entry.ifPresent(found::add);
      }
    } catch (StoreException e) {
      release(found.stream().map(QueueEntry::id).toList());
      throw e;
    }
    found.forEach(entry -> held.add(entry.id()));
    found.sort(Comparator.comparing(QueueEntry::nextAttempt));
    return List.copyOf(found);
  }

  @Override
  public void release(List<QueueId> released) {
    released.forEach(held::remove);
    try {
      leases.release(released);
    } catch (StoreException e) {
      log.warn("store.leases-kept entries={} cause=\"{}\"", released.size(), e.getMessage());
    }
  }

  /** Gives back everything, so that other servers need not wait. */
  public void releaseAll() {
    List<QueueId> all = List.copyOf(held);
    if (!all.isEmpty()) {
      release(all);
    }
  }

  /** To be called well within {@link QueueLeases#LEASE}. */
  public void renew() throws StoreException {
    List<QueueId> all = List.copyOf(held);
    if (!all.isEmpty()) {
      leases.renew(all);
    }
  }

  @Override
  public Optional<Instant> nextDue() throws StoreException {
    return leases.nextDue();
  }

  @Override
  public List<QueueEntry> list(int max) throws StoreException {
    return rows.list(max);
  }

  @Override
  public Optional<QueueEntry> find(QueueId entry) throws StoreException {
    return rows.find(entry);
  }

  @Override
  public int size() throws StoreException {
    return rows.size();
  }

  @Override
  public void reschedule(QueueId entry, Instant when) throws StoreException {
    Instant rounded = Queue.stored(when);
    commits.commit(
        (numbers, bodies) -> {
          numbers.requireQueued(entry);
          return new Planned<>(List.of(new Change.QueueRescheduled(entry, rounded)), entry);
        });
  }

  /**
   * The change that {@code settlement} is, in the transaction that carries it out. What is done is
   * done, whoever did it; a later attempt is set only by who has the entry.
   */
  public Change settle(Settlement settlement) throws StoreException {
    QueueEntry entry =
        rows.find(settlement.entry()).orElseThrow(() -> gone(settlement.entry(), "does not exist"));
    if (settlement instanceof Settlement.Deferred && leases.isElsewhere(entry.id())) {
      throw gone(entry.id(), "was taken over by another server");
    }
    return settlement.after(entry.attempts());
  }

  private static StoreException gone(QueueId entry, String why) {
    return new StoreException(Kind.NOT_FOUND, "queue entry " + entry.value() + " " + why);
  }

  /** After {@code changes} were committed. */
  public void apply(List<Change> changes) {
    for (Change change : changes) {
      if (change instanceof Change.QueueDone done) {
        held.remove(done.entry());
      } else if (change instanceof Change.QueueDeferred deferred) {
        held.remove(deferred.entry());
      }
    }
  }
}
