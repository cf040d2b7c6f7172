package dev.postrider.server.net;

import static org.assertj.core.api.Assertions.assertThat;

import dev.postrider.server.config.LimitsConfig;
import dev.postrider.testkit.time.FakeClock;
import java.net.InetAddress;
import java.time.Duration;
import org.junit.jupiter.api.Test;

class AdmissionTest {

  private static final InetAddress PEER = InetAddress.ofLiteral("192.0.2.1");
  private static final int PER_MINUTE = LimitsConfig.DEFAULTS.connectionsPerAddressPerMinute();

  private final FakeClock clock = new FakeClock();
  private final Admission admission = new Admission(LimitsConfig.DEFAULTS, clock);

  @Test
  void refusesWhoConnectsTooOftenForAMinute() {
    comeAndGo(PEER, PER_MINUTE);
    assertThat(admission.admit(PEER)).contains(Refusal.ADDRESS_TOO_FAST);
    assertThat(admission.admit(InetAddress.ofLiteral("192.0.2.2"))).isEmpty();
    clock.advance(Duration.ofMinutes(2));
    assertThat(admission.admit(PEER)).isEmpty();
  }

  @Test
  void countsTheLastSixtySecondsAndNotTheMinuteOfTheClock() {
    comeAndGo(PEER, PER_MINUTE);
    clock.advance(Duration.ofSeconds(66));
    // A tenth of that minute is over: nine tenths of its connections still count.
    comeAndGo(PEER, PER_MINUTE / 10 - 1);
    assertThat(admission.admit(PEER)).isEmpty();
    assertThat(admission.admit(PEER)).contains(Refusal.ADDRESS_TOO_FAST);
  }

  @Test
  void neverFindsLoopbackTooFast() {
    comeAndGo(InetAddress.getLoopbackAddress(), 3 * PER_MINUTE);
    assertThat(admission.admit(InetAddress.getLoopbackAddress())).isEmpty();
  }

  @Test
  void countsAnIpv6NetworkAsOneAddress() {
    for (int i = 0; i < LimitsConfig.DEFAULTS.connectionsPerAddressMax(); i++) {
      assertThat(admission.admit(InetAddress.ofLiteral("2001:db8::" + i))).isEmpty();
    }
    assertThat(admission.admit(InetAddress.ofLiteral("2001:db8::ffff")))
        .contains(Refusal.ADDRESS_FULL);
    assertThat(admission.admit(InetAddress.ofLiteral("2001:db8:0:1::1"))).isEmpty();
  }

  @Test
  void givesBackWhatIsReleased() {
    comeAndGo(PEER, 10);
    assertThat(admission.open()).isZero();
  }

  private void comeAndGo(InetAddress peer, int times) {
    for (int i = 0; i < times; i++) {
      assertThat(admission.admit(peer)).isEmpty();
      admission.release(peer);
    }
  }
}
