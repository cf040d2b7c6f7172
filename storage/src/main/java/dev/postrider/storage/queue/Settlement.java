package dev.postrider.storage.queue;

import dev.postrider.storage.changes.Change;
import java.time.Instant;

/** What became of an attempt. It also ends the claim. */
public sealed interface Settlement {

  QueueId entry();

  /** The change that it is, of an entry that was tried {@code attempts} times before. */
  default Change after(int attempts) {
    return switch (this) {
      case Done done -> new Change.QueueDone(done.entry());
      case Deferred deferred ->
          new Change.QueueDeferred(
              deferred.entry(),
              Queue.stored(deferred.nextAttempt()),
              attempts + 1,
              deferred.lastReply(),
              deferred.delayNoticed());
    };
  }

  /** Delivered, failed for good, or removed by the operator: the entry goes. */
  record Done(QueueId entry) implements Settlement {}

  /** To be tried again. {@code lastReply} is kept for the operator and the DSN. */
  record Deferred(QueueId entry, Instant nextAttempt, String lastReply, boolean delayNoticed)
      implements Settlement {}
}
