package dev.postrider.server.auth;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.postrider.server.auth.Authenticator.Outcome;
import dev.postrider.server.config.LimitsConfig;
import dev.postrider.storage.StoreException;
import dev.postrider.storage.accounts.Account;
import dev.postrider.testkit.time.FakeClock;
import java.net.InetAddress;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;

class AccountAuthenticatorTest {

  private static final InetAddress HOME = InetAddress.ofLiteral("192.0.2.1");
  private static final InetAddress ELSEWHERE = InetAddress.ofLiteral("198.51.100.1");

  private final FakeClock clock = new FakeClock();
  private final OneAccount accounts = new OneAccount();
  private final AccountAuthenticator authenticator =
      new AccountAuthenticator(accounts, List.of("a.test"), LimitsConfig.DEFAULTS, clock);

  @Test
  void grantsTheRightPasswordInAnyCaseOfTheName() throws Exception {
    assertThat(login("Alice@A.test", "demo", HOME)).isInstanceOf(Outcome.Granted.class);
  }

  @Test
  void grantsANameWithoutItsDomain() throws Exception {
    assertThat(login("alice", "demo", HOME)).isInstanceOf(Outcome.Granted.class);
  }

  @Test
  void deniesAWrongPasswordAndAnUnknownNameAlike() throws Exception {
    assertThat(login("alice@a.test", "wrong", HOME)).isEqualTo(new Outcome.Denied());
    assertThat(login("carol@a.test", "demo", HOME)).isEqualTo(new Outcome.Denied());
    assertThat(login("", "", HOME)).isEqualTo(new Outcome.Denied());
    assertThat(login("nobody", "nobody", HOME)).isEqualTo(new Outcome.Denied());
    assertThat(login("alice@a.test", "x".repeat(100_000), HOME)).isEqualTo(new Outcome.Denied());
  }

  @Test
  void deniesWhenTheStoredCredentialIsNone() throws Exception {
    accounts.credential = "demo";
    assertThat(login("alice@a.test", "demo", HOME)).isEqualTo(new Outcome.Denied());
    assertThat(login("alice@a.test", "nobody", HOME)).isEqualTo(new Outcome.Denied());
  }

  @Test
  void doesNotListenToANetworkThatFailedTooOften() throws Exception {
    for (int i = 0; i < LimitsConfig.DEFAULTS.failedLoginsPerAddress(); i++) {
      assertThat(login("user" + i + "@a.test", "guess", HOME)).isEqualTo(new Outcome.Denied());
    }
    assertThat(login("alice@a.test", "demo", HOME))
        .isEqualTo(new Outcome.Throttled(LoginThrottle.WINDOW));
    assertThat(login("alice@a.test", "demo", ELSEWHERE)).isInstanceOf(Outcome.Granted.class);
    clock.advance(LoginThrottle.WINDOW.plusSeconds(1));
    assertThat(login("alice@a.test", "demo", HOME)).isInstanceOf(Outcome.Granted.class);
  }

  @Test
  void slowsDownGuessesAtOneNameFromManyNetworksButNotItsOwner() throws Exception {
    assertThat(login("alice@a.test", "demo", HOME)).isInstanceOf(Outcome.Granted.class);
    for (int i = 0; i < LoginThrottle.NAME_FAILURES_FREE; i++) {
      InetAddress from = InetAddress.ofLiteral("203.0.113." + i);
      assertThat(login("alice@a.test", "guess", from)).isEqualTo(new Outcome.Denied());
    }
    assertThat(login("ALICE@a.test", "guess", ELSEWHERE)).isInstanceOf(Outcome.Throttled.class);
    assertThat(login("alice@a.test", "demo", HOME)).isInstanceOf(Outcome.Granted.class);
    clock.advance(LoginThrottle.NAME_DELAY_MAX);
    assertThat(login("alice@a.test", "guess", ELSEWHERE)).isEqualTo(new Outcome.Denied());
  }

  @Test
  void countsAnIpv6NetworkAsOne() throws Exception {
    for (int i = 0; i < LimitsConfig.DEFAULTS.failedLoginsPerAddress(); i++) {
      login("user" + i + "@a.test", "guess", InetAddress.ofLiteral("2001:db8::" + i));
    }
    assertThat(login("alice@a.test", "demo", InetAddress.ofLiteral("2001:db8::ffff")))
        .isInstanceOf(Outcome.Throttled.class);
    assertThat(login("alice@a.test", "demo", InetAddress.ofLiteral("2001:db8:1::1")))
        .isInstanceOf(Outcome.Granted.class);
  }

  @Test
  void aChangedPasswordEndsTheOldOneAtOnce() throws Exception {
    assertThat(login("alice@a.test", "demo", HOME)).isInstanceOf(Outcome.Granted.class);
    accounts.credential = PasswordHash.create("new".getBytes(UTF_8));
    assertThat(login("alice@a.test", "demo", HOME)).isEqualTo(new Outcome.Denied());
    assertThat(login("alice@a.test", "new", HOME)).isInstanceOf(Outcome.Granted.class);
  }

  @Test
  void remembersARightPasswordForSomeTimeOnly() {
    VerifiedPasswords verified = new VerifiedPasswords();
    Account account = accounts.alice();
    byte[] password = "demo".getBytes(UTF_8);
    assertThat(verified.contains(account, password, clock.instant())).isFalse();
    verified.add(account, password, clock.instant());
    assertThat(verified.contains(account, password, clock.instant())).isTrue();
    assertThat(verified.contains(account, "dem0".getBytes(UTF_8), clock.instant())).isFalse();
    clock.advance(Duration.ofMinutes(10));
    assertThat(verified.contains(account, password, clock.instant())).isFalse();
  }

  private Outcome login(String name, String password, InetAddress from) throws StoreException {
    return authenticator.authenticate(name, password.getBytes(UTF_8), from);
  }
}
