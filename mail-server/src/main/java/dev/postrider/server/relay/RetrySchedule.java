package dev.postrider.server.relay;

import dev.postrider.server.config.RelayConfig;
import dev.postrider.storage.queue.QueueEntry;
import java.time.Instant;
import java.util.Optional;

/** When a message that could not be delivered is tried again. RFC 5321 section 4.5.4.1. */
final class RetrySchedule {

  private final RelayConfig config;

  RetrySchedule(RelayConfig config) {
    this.config = config;
  }

  /** When {@code entry} is next tried after an attempt at {@code now}; empty: no more. */
  Optional<Instant> next(QueueEntry entry, Instant now) {
    int made = entry.attempts() + 1;
    return made <= config.retries().size()
        ? Optional.of(now.plus(config.retries().get(made - 1)))
        : Optional.empty();
  }

  /** Whether the sender is to be told, after an attempt that was deferred. Told once. */
  boolean delayNoticeDue(QueueEntry entry) {
    return !entry.delayNoticed() && entry.attempts() + 1 >= config.delayNoticeAfterAttempts();
  }

  /** When the last attempt would be made, if each failed, the next one being at {@code next}. */
  Instant lastAttempt(QueueEntry entry, Instant next) {
    Instant last = next;
    for (int made = entry.attempts() + 2; made <= config.retries().size(); made++) {
      last = last.plus(config.retries().get(made - 1));
    }
    return last;
  }
}
