package dev.postrider.storage.queue;

import dev.postrider.storage.StoreException;
import dev.postrider.storage.StoreException.Kind;
import dev.postrider.storage.changes.Change;
import dev.postrider.storage.changes.Commits;
import dev.postrider.storage.changes.Commits.Planned;
import dev.postrider.storage.sql.QueueRows;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeSet;
import java.util.concurrent.locks.ReentrantLock;

/**
 * The queue of the local store. When entries are due, and which are claimed, is held in memory; the
 * rest of an entry is in its row.
 *
 * <p>An entry is in {@code due} exactly when it exists and nobody has claimed it. The applier
 * advances this after the rows, so an entry that can be claimed has a row, unless it was removed in
 * that moment.
 */
public final class LocalQueue implements Queue {

  private final Commits commits;
  private final QueueRows rows;
  private final ReentrantLock lock = new ReentrantLock();
  private final Map<QueueId, State> entries = new HashMap<>();
  private final TreeSet<Due> due = new TreeSet<>();

  private record Due(Instant when, QueueId entry) implements Comparable<Due> {
    private static final Comparator<Due> ORDER =
        Comparator.comparing(Due::when).thenComparingLong(due -> due.entry.value());

    @Override
    public int compareTo(Due other) {
      return ORDER.compare(this, other);
    }
  }

  private record State(Instant nextAttempt, int attempts, boolean claimed) {}

  /** Reads what an earlier run left. */
  public LocalQueue(Commits commits, QueueRows rows) throws StoreException {
    this.commits = commits;
    this.rows = rows;
    rows.each(entry -> put(entry.id(), new State(entry.nextAttempt(), entry.attempts(), false)));
  }

  @Override
  public List<QueueEntry> claim(Instant now, int max) throws StoreException {
    List<QueueId> claimed = new ArrayList<>();
    lock.lock();
    try {
      Iterator<Due> next = due.iterator();
      while (claimed.size() < max && next.hasNext()) {
        Due first = next.next();
        if (first.when().isAfter(now)) {
          break;
        }
        next.remove();
        State state = entries.get(first.entry());
        if (state != null) {
          entries.put(first.entry(), new State(state.nextAttempt(), state.attempts(), true));
          claimed.add(first.entry());
        }
      }
    } finally {
      lock.unlock();
    }
    List<QueueEntry> found = new ArrayList<>();
    try {
      for (QueueId id : claimed) {
        rows.find(id).ifPresent(found::add);
      }
    } catch (StoreException e) {
      release(claimed);
      throw e;
    }
    return List.copyOf(found);
  }

  @Override
  public void release(List<QueueId> released) {
    lock.lock();
    try {
      for (QueueId id : released) {
        State state = entries.get(id);
        if (state != null) {
          put(id, new State(state.nextAttempt(), state.attempts(), false));
        }
      }
    } finally {
      lock.unlock();
    }
  }

  @Override
  public Optional<Instant> nextDue() {
    lock.lock();
    try {
      return due.isEmpty() ? Optional.empty() : Optional.of(due.first().when());
    } finally {
      lock.unlock();
    }
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
  public int size() {
    lock.lock();
    try {
      return entries.size();
    } finally {
      lock.unlock();
    }
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

  /** The change that {@code settlement} is. Throws NOT_FOUND. */
  public Change settle(Settlement settlement) throws StoreException {
    lock.lock();
    try {
      State state = entries.get(settlement.entry());
      if (state == null) {
        throw new StoreException(
            Kind.NOT_FOUND, "queue entry " + settlement.entry().value() + " does not exist");
      }
      return settlement.after(state.attempts());
    } finally {
      lock.unlock();
    }
  }

  /** Takes over what {@code changes} say about the queue. */
  public void apply(List<Change> changes) {
    lock.lock();
    try {
      for (Change change : changes) {
        if (change instanceof Change.InQueue inQueue) {
          apply(inQueue);
        }
      }
    } finally {
      lock.unlock();
    }
  }

  private void apply(Change.InQueue change) {
    switch (change) {
      case Change.QueueAdded(QueueEntry entry) ->
          put(entry.id(), new State(entry.nextAttempt(), entry.attempts(), false));
      case Change.QueueDeferred deferred ->
          put(deferred.entry(), new State(deferred.nextAttempt(), deferred.attempts(), false));
      case Change.QueueDone(QueueId entry) -> {
        State gone = entries.remove(entry);
        if (gone != null) {
          due.remove(new Due(gone.nextAttempt(), entry));
        }
      }
      case Change.QueueRescheduled(QueueId entry, Instant nextAttempt) -> {
        State state = entries.get(entry);
        if (state != null) {
          put(entry, new State(nextAttempt, state.attempts(), state.claimed()));
        }
      }
    }
  }

  private void put(QueueId id, State state) {
    State before = entries.put(id, state);
    if (before != null) {
      due.remove(new Due(before.nextAttempt(), id));
    }
    if (!state.claimed()) {
      due.add(new Due(state.nextAttempt(), id));
    }
  }
}
