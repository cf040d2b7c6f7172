package dev.postrider.storage.changes;

import java.time.Instant;
import java.util.List;

/**
 * Changes of which all happened or none.
 *
 * @param at when, by the clock of the machine; {@link Instant#EPOCH} when it is not known
 */
public record Batch(Instant at, List<Change> changes) {
  public Batch {
    changes = List.copyOf(changes);
  }
}
