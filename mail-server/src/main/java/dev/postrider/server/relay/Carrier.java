package dev.postrider.server.relay;

import dev.postrider.storage.StoreException;
import dev.postrider.storage.messages.MessageSource;
import dev.postrider.storage.messages.Messages;
import dev.postrider.storage.queue.QueueEntry;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The life of one connection to a destination: finds a peer, hands messages over one after the
 * other, says goodbye. Every entry that it takes from the lane is settled, put back or released
 * before it ends, whatever happens.
 */
final class Carrier implements Runnable {

  private static final Logger log = LoggerFactory.getLogger(Carrier.class);

  /** Then the connection makes room for another destination. */
  static final int MESSAGES_MAX = 100;

  private final Lane lane;
  private final Dispatch dispatch;
  private final Approach approach;
  private final Messages messages;
  private final Ledger ledger;

  Carrier(Lane lane, Dispatch dispatch, Approach approach, Messages messages, Ledger ledger) {
    this.lane = lane;
    this.dispatch = dispatch;
    this.approach = approach;
    this.messages = messages;
    this.ledger = ledger;
  }

  @Override
  public void run() {
    try {
      Optional<Transaction> first = dispatch.first(lane);
      if (first.isPresent()) {
        begin(first.get());
      }
    } finally {
      dispatch.ended(lane);
    }
  }

  private void begin(Transaction first) {
    Approach.Result result;
    try {
      result = approach.open(lane.route());
    } catch (RuntimeException | Error defect) {
      settleAll(Via.nowhere(lane.route()), first.entries(), defect(defect));
      return;
    }
    switch (result) {
      case Approach.Result.Nobody(Outcome outcome) -> {
        dispatch.reachable(lane, false);
        Via nowhere = Via.nowhere(lane.route());
        settleAll(nowhere, first.entries(), outcome);
        // What waits for the same peer need not wait to hear the same.
        settleAll(nowhere, dispatch.takeAll(lane), outcome);
      }
      case Approach.Result.Ready(PeerSession session) -> {
        dispatch.reachable(lane, true);
        try {
          carryAll(session, first);
        } finally {
          session.close();
        }
      }
    }
  }

  private void carryAll(PeerSession session, Transaction first) {
    Optional<Transaction> next = Optional.of(first);
    while (next.isPresent()) {
      if (!carry(session, next.get())) {
        return;
      }
      next = session.begun() < MESSAGES_MAX ? dispatch.next(lane) : Optional.empty();
    }
    session.quit();
  }

  /** Returns whether the session may carry another message. */
  private boolean carry(PeerSession session, Transaction transaction) {
    Via via = Via.session(lane.route(), session);
    Attempt attempt;
    try {
      MessageSource body = messages.body(transaction.key().body());
      attempt = session.deliver(transaction, body);
    } catch (StaleSessionException stale) {
      log.debug("relay.session-stale via=\"{}\" cause=\"{}\"", via, stale.getMessage());
      putBack(transaction.key(), transaction.entries());
      return false;
    } catch (StoreException unreadable) {
      log.error(
          "relay.body-unreadable body={} cause=\"{}\"",
          transaction.key().body().value(),
          unreadable.getMessage());
      settleAll(
          via,
          transaction.entries(),
          new Outcome.Deferred(
              Diagnosis.ours("4.3.0", "The message could not be read from this server's disk.")));
      return true;
    } catch (RuntimeException | Error defect) {
      settleAll(via, transaction.entries(), defect(defect));
      return false;
    }
    ledger.settle(lane, via, attempt.outcomes());
    if (!attempt.leftOver().isEmpty()) {
      putBack(transaction.key(), attempt.leftOver());
    }
    return attempt.usable();
  }

  private void putBack(Transaction.Key key, List<QueueEntry> entries) {
    if (!dispatch.putBack(lane, key, entries)) {
      ledger.release(lane, entries);
    }
  }

  private void settleAll(Via via, List<QueueEntry> entries, Outcome outcome) {
    Map<Transaction.Key, Map<QueueEntry, Outcome>> byMessage = new LinkedHashMap<>();
    for (QueueEntry entry : entries) {
      byMessage
          .computeIfAbsent(Transaction.Key.of(entry), key -> new LinkedHashMap<>())
          .put(entry, outcome);
    }
    byMessage.values().forEach(each -> ledger.settle(lane, via, each));
  }

  /** A mistake of ours costs one attempt and not the message. */
  private Outcome defect(Throwable defect) {
    log.error("relay.defect destination={}", lane.route(), defect);
    return new Outcome.Deferred(
        Diagnosis.ours("4.3.0", "This server failed while it handed the message over."));
  }
}
