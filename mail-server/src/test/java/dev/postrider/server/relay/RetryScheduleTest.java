package dev.postrider.server.relay;

import static org.assertj.core.api.Assertions.assertThat;

import dev.postrider.protocol.address.MailAddress;
import dev.postrider.server.config.RelayConfig;
import dev.postrider.storage.messages.BodyId;
import dev.postrider.storage.queue.QueueEntry;
import dev.postrider.storage.queue.QueueId;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class RetryScheduleTest {

  private static final Instant NOW = Instant.parse("2026-11-23T12:00:00Z");
  private final RetrySchedule schedule = new RetrySchedule(RelayConfig.DEFAULTS);

  private static QueueEntry entry(int attempts, boolean delayNoticed) {
    return new QueueEntry(
        new QueueId(1),
        new BodyId(1),
        10,
        Optional.empty(),
        new MailAddress("bob", "b.test"),
        "t",
        false,
        false,
        NOW,
        NOW,
        attempts,
        "",
        delayNoticed);
  }

  @Test
  void pausesLongerAndLongerThenGivesUp() {
    List<Duration> pauses = new ArrayList<>();
    int attempts = 0;
    Optional<Instant> next = schedule.next(entry(attempts, false), NOW);
    while (next.isPresent()) {
      pauses.add(Duration.between(NOW, next.get()));
      attempts++;
      next = schedule.next(entry(attempts, false), NOW);
    }
    assertThat(pauses).isEqualTo(RelayConfig.DEFAULTS.retries()).isSorted();
    assertThat(attempts).isEqualTo(8);
  }

  @Test
  void tellsOfTheDelayOnceAfterTheFifthAttempt() {
    assertThat(schedule.delayNoticeDue(entry(3, false))).isFalse();
    assertThat(schedule.delayNoticeDue(entry(4, false))).isTrue();
    assertThat(schedule.delayNoticeDue(entry(5, true))).isFalse();
  }

  @Test
  void knowsTheLastAttempt() {
    Instant next = NOW.plus(Duration.ofHours(2));
    assertThat(schedule.lastAttempt(entry(4, false), next))
        .isEqualTo(next.plus(Duration.ofHours(4 + 8 + 16)));
    assertThat(schedule.lastAttempt(entry(7, false), next)).isEqualTo(next);
  }
}
