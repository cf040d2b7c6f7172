package dev.postrider.server.relay;

import dev.postrider.storage.queue.QueueEntry;
import java.util.List;
import java.util.Map;

/**
 * How a transaction went.
 *
 * @param outcomes of the recipients whose fate is decided
 * @param leftOver recipients for whom the peer wants a transaction of their own, at once; fewer
 *     than all
 * @param usable whether the session may carry another message
 */
record Attempt(Map<QueueEntry, Outcome> outcomes, List<QueueEntry> leftOver, boolean usable) {
  Attempt {
    outcomes = Map.copyOf(outcomes);
    leftOver = List.copyOf(leftOver);
  }
}
