package dev.postrider.server.relay;

import dev.postrider.server.config.RelayConfig;
import dev.postrider.storage.queue.QueueEntry;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.Iterator;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.function.Consumer;

/**
 * Which connection works for which destination. Holds every claimed entry from {@link #add} to
 * {@link #settled}.
 *
 * <p>Invariants, all under the lock of this object, which is never held during I/O or a call of the
 * store. The connections of a lane are at most {@code connectionsPerDestinationMax}, of all lanes
 * at most {@code connectionsMax}. A lane that wants a connection either has one starting or stands
 * in {@link #queued}, each lane once, in the order of arrival; a connection lives for a bounded
 * number of messages and then goes to the end of that line, so a busy destination cannot keep the
 * places for itself. A lane has one connection until that one has met a ready peer, so a dead
 * destination occupies one place and not four. A lane is forgotten when nothing is held in it.
 */
final class Dispatch {

  /** Entries claimed and not settled: bounds memory, at some 500 octets each. */
  static final int HELD_MAX = 10_000;

  /** The same for one destination, so that a big dead one leaves room for the others. */
  static final int HELD_PER_DESTINATION_MAX = HELD_MAX / 2;

  private final int perDestinationMax;
  private final int connectionsMax;
  private final Routes routes;
  private final Consumer<Lane> startCarrier;

  private final Map<Route, Lane> lanes = new HashMap<>();
  private final Set<Lane> queued = new LinkedHashSet<>();
  private final CompletableFuture<Boolean> drained = new CompletableFuture<>();
  private int held;
  private int carriers;
  private boolean stopping;

  /**
   * @param startCarrier starts a thread that works for the lane and calls {@link #ended} at its
   *     end; must not block
   */
  Dispatch(RelayConfig config, Routes routes, Consumer<Lane> startCarrier) {
    this.perDestinationMax = Math.max(1, config.connectionsPerDestinationMax());
    this.connectionsMax = Math.max(1, config.connectionsMax());
    this.routes = routes;
    this.startCarrier = startCarrier;
  }

  /** How many more entries may be claimed. */
  synchronized int room() {
    return stopping ? 0 : HELD_MAX - held;
  }

  /** Takes entries on. Returns those that their destination has no room for. */
  synchronized List<QueueEntry> add(List<QueueEntry> entries) {
    if (stopping) {
      return entries;
    }
    List<QueueEntry> tooMany = new ArrayList<>();
    for (QueueEntry entry : entries) {
      Lane lane = lanes.computeIfAbsent(routes.to(entry.recipient().domain()), Lane::new);
      if (lane.held() >= HELD_PER_DESTINATION_MAX) {
        tooMany.add(entry);
      } else {
        lane.add(entry);
        held++;
        queued.add(lane);
      }
    }
    startCarriers();
    return tooMany;
  }

  /** What a new connection of the lane does first; empty: it is not needed any more. */
  synchronized Optional<Transaction> first(Lane lane) {
    lane.carrierReady();
    return stopping ? Optional.empty() : lane.take();
  }

  /** What a connection of the lane does next; empty: it ends. */
  synchronized Optional<Transaction> next(Lane lane) {
    return stopping ? Optional.empty() : lane.take();
  }

  /** Everything that waits in the lane, for which there is an outcome already. */
  synchronized List<QueueEntry> takeAll(Lane lane) {
    return lane.takeAll();
  }

  /**
   * Gives back what was taken and not carried, to be carried next. False: there is no next, as the
   * courier stops; the entries are still the caller's.
   */
  synchronized boolean putBack(Lane lane, Transaction.Key key, List<QueueEntry> entries) {
    if (stopping) {
      return false;
    }
    lane.putBack(key, entries);
    queued.add(lane);
    startCarriers();
    return true;
  }

  synchronized void reachable(Lane lane, boolean yes) {
    lane.reachable(yes);
    queued.add(lane);
    startCarriers();
  }

  /** Entries of the lane are settled or released, and no longer held. */
  synchronized void settled(Lane lane, int entries) {
    lane.settled(entries);
    held -= entries;
    forgetIfIdle(lane);
  }

  /** A connection of the lane has ended. */
  synchronized void ended(Lane lane) {
    lane.carrierEnded();
    carriers--;
    queued.add(lane);
    startCarriers();
    forgetIfIdle(lane);
    if (stopping && carriers == 0) {
      drained.complete(true);
    }
  }

  /**
   * Starts no more connections, and lets those at work end after their message. Returns the entries
   * that waited.
   */
  synchronized List<QueueEntry> stop() {
    stopping = true;
    List<QueueEntry> waiting = new ArrayList<>();
    for (Lane lane : lanes.values()) {
      List<QueueEntry> all = lane.takeAll();
      lane.settled(all.size());
      held -= all.size();
      waiting.addAll(all);
    }
    if (carriers == 0) {
      drained.complete(true);
    }
    return waiting;
  }

  /** Done when the last connection has ended after {@link #stop}. */
  CompletableFuture<Boolean> drained() {
    return drained;
  }

  private void startCarriers() {
    Iterator<Lane> line = queued.iterator();
    while (!stopping && carriers < connectionsMax && line.hasNext()) {
      Lane lane = line.next();
      while (carriers < connectionsMax && lane.wantsCarrier(perDestinationMax)) {
        lane.carrierStarted();
        carriers++;
        startCarrier.accept(lane);
      }
      if (!lane.wantsCarrier(perDestinationMax)) {
        line.remove();
      }
    }
  }

  private void forgetIfIdle(Lane lane) {
    if (lane.isIdle()) {
      lanes.remove(lane.route(), lane);
      queued.remove(lane);
    }
  }
}
