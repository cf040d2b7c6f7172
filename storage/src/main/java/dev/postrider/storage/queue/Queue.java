package dev.postrider.storage.queue;

import dev.postrider.storage.StoreException;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Optional;

/**
 * The queue. Entries come and go through {@link dev.postrider.storage.Store#commit}. A claim ends
 * with the process that has it: after a crash every entry is free again, of a shared store after a
 * time.
 */
public interface Queue {

  /**
   * Claims up to {@code max} entries whose next attempt is due at {@code now} and that nobody has
   * claimed, oldest due first. A claim ends with its settlement or {@link #release}.
   */
  List<QueueEntry> claim(Instant now, int max) throws StoreException;

  /** Gives claimed entries back untouched, such as at shutdown. */
  void release(List<QueueId> entries);

  /** When the next unclaimed entry is due; empty when there is none. */
  Optional<Instant> nextDue() throws StoreException;

  /** Entries by next attempt, at most {@code max}. */
  List<QueueEntry> list(int max) throws StoreException;

  Optional<QueueEntry> find(QueueId entry) throws StoreException;

  int size() throws StoreException;

  /** Makes an entry due at {@code when}. Throws NOT_FOUND. */
  void reschedule(QueueId entry, Instant when) throws StoreException;

  /** Instants of the queue are kept to the millisecond. */
  static Instant stored(Instant instant) {
    return instant.truncatedTo(ChronoUnit.MILLIS);
  }
}
