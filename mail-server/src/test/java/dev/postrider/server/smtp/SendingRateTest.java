package dev.postrider.server.smtp;

import static org.assertj.core.api.Assertions.assertThat;

import dev.postrider.storage.accounts.AccountId;
import dev.postrider.testkit.time.FakeClock;
import java.time.Duration;
import org.junit.jupiter.api.Test;

class SendingRateTest {

  private final FakeClock clock = new FakeClock();
  private final SendingRate rate = new SendingRate(2);

  @Test
  void everyAccountHasItsOwnHour() {
    assertThat(take(1)).isTrue();
    assertThat(take(1)).isTrue();
    assertThat(take(1)).isFalse();
    assertThat(take(2)).isTrue();
    clock.advance(Duration.ofMinutes(59));
    assertThat(take(1)).isFalse();
    clock.advance(Duration.ofMinutes(1));
    assertThat(take(1)).isTrue();
  }

  private boolean take(long account) {
    return rate.take(new AccountId(account), clock.instant());
  }
}
