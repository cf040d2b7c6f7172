package dev.postrider.server.relay;

import dev.postrider.storage.queue.QueueEntry;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * What waits for one destination, by message, oldest first. Guarded by the lock of {@link
 * Dispatch}.
 */
final class Lane {

  private final Route route;
  private final LinkedHashMap<Transaction.Key, List<QueueEntry>> waiting = new LinkedHashMap<>();

  /** Entries that wait here or are being carried. */
  private int held;

  /** Connections at work or being made. */
  private int carriers;

  /** Those of them that have not taken their first message yet. */
  private int starting;

  /** Whether the last attempt to connect succeeded; until then one connection has to do. */
  private boolean reachable;

  Lane(Route route) {
    this.route = route;
  }

  Route route() {
    return route;
  }

  void add(QueueEntry entry) {
    waiting.computeIfAbsent(Transaction.Key.of(entry), key -> new ArrayList<>()).add(entry);
    held++;
  }

  /** Puts entries that were taken back to where they are taken next. */
  void putBack(Transaction.Key key, List<QueueEntry> entries) {
    List<QueueEntry> together = new ArrayList<>(entries);
    List<QueueEntry> others = waiting.remove(key);
    if (others != null) {
      together.addAll(others);
    }
    waiting.putFirst(key, together);
  }

  /** The next message with as many recipients as fit into one transaction. */
  Optional<Transaction> take() {
    Map.Entry<Transaction.Key, List<QueueEntry>> first = waiting.firstEntry();
    if (first == null) {
      return Optional.empty();
    }
    List<QueueEntry> entries = first.getValue();
    int count = Math.min(entries.size(), Transaction.RECIPIENTS_MAX);
    Transaction taken = new Transaction(first.getKey(), entries.subList(0, count));
    entries.subList(0, count).clear();
    if (entries.isEmpty()) {
      waiting.remove(first.getKey());
    }
    return Optional.of(taken);
  }

  /** Takes everything that waits. */
  List<QueueEntry> takeAll() {
    List<QueueEntry> all = new ArrayList<>();
    waiting.values().forEach(all::addAll);
    waiting.clear();
    return all;
  }

  boolean isIdle() {
    return held == 0 && carriers == 0;
  }

  int held() {
    return held;
  }

  void settled(int entries) {
    held -= entries;
  }

  /** Whether one more connection would have something to do. */
  boolean wantsCarrier(int most) {
    int useful = reachable ? most : 1;
    return waiting.size() > starting && carriers < useful;
  }

  void carrierStarted() {
    carriers++;
    starting++;
  }

  /** A connection that was started asks for its first message. */
  void carrierReady() {
    starting--;
  }

  void carrierEnded() {
    carriers--;
  }

  void reachable(boolean yes) {
    reachable = yes;
  }
}
