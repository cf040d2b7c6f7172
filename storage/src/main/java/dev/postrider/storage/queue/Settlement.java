package dev.postrider.storage.queue;

import java.time.Instant;

/** What became of an attempt. It also ends the claim. */
public sealed interface Settlement {

  QueueId entry();

  /** Delivered, failed for good, or removed by the operator: the entry goes. */
  record Done(QueueId entry) implements Settlement {}

  /** To be tried again. {@code lastReply} is kept for the operator and the DSN. */
  record Deferred(QueueId entry, Instant nextAttempt, String lastReply, boolean delayNoticed)
      implements Settlement {}
}
