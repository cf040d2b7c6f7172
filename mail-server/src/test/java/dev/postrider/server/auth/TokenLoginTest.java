package dev.postrider.server.auth;

import static org.assertj.core.api.Assertions.assertThat;

import dev.postrider.protocol.sasl.SaslStep;
import dev.postrider.server.auth.Authenticator.Outcome;
import dev.postrider.server.config.AuthConfig;
import dev.postrider.server.config.LimitsConfig;
import dev.postrider.server.config.OAuthConfig;
import dev.postrider.server.http.Fetch;
import dev.postrider.server.http.TestIssuer;
import dev.postrider.testkit.time.FakeClock;
import java.net.InetAddress;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Tokens of an issuer on this machine. */
class TokenLoginTest {

  private static final InetAddress HOME = InetAddress.ofLiteral("192.0.2.1");
  private static final Outcome DENIED = new Outcome.Denied();
  private static final Outcome UNAVAILABLE = new Outcome.Unavailable();
  private static final String ISSUER = "https://login.a.test";

  private final FakeClock clock = new FakeClock();
  private final OneAccount accounts = new OneAccount();
  private TestIssuer issuer;
  private AccountAuthenticator authenticator;

  @BeforeEach
  void start() throws Exception {
    issuer = new TestIssuer();
    issuer.addKey("one", "RS256");
    authenticator = byKeys(Optional.of(issuer.address("/keys")), Optional.empty(), "");
  }

  @AfterEach
  void stop() {
    issuer.close();
  }

  @ParameterizedTest
  @ValueSource(strings = {"RS256", "ES256", "EdDSA"})
  void letsInWhoeverATokenNames(String algorithm) throws Exception {
    issuer.addKey("two", algorithm);
    String token = issuer.sign("two", claims("alice@a.test", 60));
    Outcome granted = new Outcome.Granted(accounts.alice());
    assertThat(login(token)).isEqualTo(granted);
    assertThat(login("ALICE@A.test", token)).isEqualTo(granted);
    assertThat(login("alice", token)).isEqualTo(granted);
    assertThat(login("bob@a.test", token)).isEqualTo(DENIED);
    // Without a kid the only key of its kind is found.
    String header = "{\"alg\":\"" + algorithm + "\"}";
    if (!algorithm.equals("RS256")) {
      assertThat(login(issuer.sign("two", header, claims("alice@a.test", 60)))).isEqualTo(granted);
    }
  }

  @Test
  void refusesWhatSomebodyElseSigned() throws Exception {
    String good = issuer.sign("one", claims("alice@a.test", 60));
    try (TestIssuer other = new TestIssuer()) {
      other.addKey("one", "RS256");
      assertThat(login(other.sign("one", claims("alice@a.test", 60)))).isEqualTo(DENIED);
    }
    String[] parts = good.split("\\.", -1);
    String[] forged =
        issuer.sign("", "{\"alg\":\"none\"}", claims("alice@a.test", 61)).split("\\.", -1);
    assertThat(login(parts[0] + "." + forged[1] + "." + parts[2])).isEqualTo(DENIED);
    assertThat(login(parts[0] + "." + parts[1] + ".")).isEqualTo(DENIED);
    assertThat(login(parts[0] + "." + parts[1])).isEqualTo(DENIED);
    assertThat(login("eyJ..")).isEqualTo(DENIED);
    assertThat(login("")).isEqualTo(DENIED);
    assertThat(login("opaque")).isEqualTo(DENIED);
    assertThat(login(good)).isInstanceOf(Outcome.Granted.class);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "{\"alg\":\"none\"}",
        "{\"alg\":\"none\",\"kid\":\"one\"}",
        "{\"alg\":\"HS256\",\"kid\":\"one\"}",
        "{\"alg\":\"ES256\",\"kid\":\"one\"}",
        "{\"alg\":\"RS1\",\"kid\":\"one\"}",
        "{\"kid\":\"one\"}",
        "{\"alg\":\"RS256\",\"kid\":\"one\",\"crit\":[\"x\"],\"x\":1}",
        "{\"alg\":\"RS256\",\"kid\":\"one\""
      })
  void refusesAlgorithmsThatAreNone(String header) throws Exception {
    assertThat(login(issuer.sign("one", header, claims("alice@a.test", 60)))).isEqualTo(DENIED);
    assertThat(login(issuer.sign("", header, claims("alice@a.test", 60)))).isEqualTo(DENIED);
  }

  @Test
  void refusesWhatIsNotForHereOrNotForNow() throws Exception {
    String usual = claims("alice@a.test", 60);
    long now = clock.instant().getEpochSecond();
    for (String wrong :
        List.of(
            claims("alice@a.test", -61),
            usual.replace("\"mail\"", "\"chat\""),
            usual.replace("\"mail\"", "[\"chat\",\"files\"]"),
            usual.replace("\"aud\"", "\"aude\""),
            usual.replace("login.a.test", "login.b.test"),
            usual.replace("\"iss\"", "\"isst\""),
            usual.replace("\"exp\"", "\"expo\""),
            usual.replace("\"exp\"", "\"nbf\":" + (now + 61) + ",\"exp\""),
            usual.replace("\"email\"", "\"mail\""),
            usual.replace("\"email\"", "\"email_verified\":false,\"email\""),
            usual.replace("\"email\"", "\"email_verified\":\"false\",\"email\""),
            usual.replace("\"alice@a.test\"", "7"),
            usual.replace("alice@", "carol@"),
            "{}",
            "garbage")) {
      assertThat(login(issuer.sign("one", wrong))).as(wrong).isEqualTo(DENIED);
    }
  }

  @Test
  void takesAClockThatIsALittleOff() throws Exception {
    assertThat(login(issuer.sign("one", claims("alice@a.test", -59))))
        .isInstanceOf(Outcome.Granted.class);
    String token = issuer.sign("one", claims("alice@a.test", 600));
    assertThat(login(token)).isInstanceOf(Outcome.Granted.class);
    clock.advance(Duration.ofSeconds(661));
    assertThat(login(token)).isEqualTo(DENIED);
  }

  @Test
  void findsAKeyThatIsNewAndForgetsOneThatIsGone() throws Exception {
    assertThat(login(issuer.sign("one", claims("alice@a.test", 60))))
        .isInstanceOf(Outcome.Granted.class);
    assertThat(issuer.keysAsked).hasValue(1);
    issuer.addKey("two", "ES256");
    String newer = issuer.sign("two", claims("alice@a.test", 36_000));
    // Nobody makes the server ask more often than this.
    assertThat(login(newer)).isEqualTo(DENIED);
    assertThat(issuer.keysAsked).hasValue(1);
    clock.advance(IssuerKeys.PAUSE);
    assertThat(login(newer)).isInstanceOf(Outcome.Granted.class);
    assertThat(issuer.keysAsked).hasValue(2);
    String older = issuer.sign("one", claims("alice@a.test", 36_000));
    issuer.removeKey("one");
    assertThat(login(older)).isInstanceOf(Outcome.Granted.class);
    clock.advance(IssuerKeys.KEPT);
    assertThat(login(older)).isEqualTo(DENIED);
    assertThat(login(newer)).isInstanceOf(Outcome.Granted.class);
  }

  @Test
  void keepsItsKeysWhileTheIssuerIsAway() throws Exception {
    String token = issuer.sign("one", claims("alice@a.test", 36_000));
    issuer.status = 500;
    assertThat(login(token)).isEqualTo(UNAVAILABLE);
    issuer.status = 200;
    assertThat(login(token)).isEqualTo(UNAVAILABLE);
    clock.advance(IssuerKeys.PAUSE);
    assertThat(login(token)).isInstanceOf(Outcome.Granted.class);
    for (String garbage : List.of("", "garbage", "{}", "{\"keys\":7}", "[]", "x".repeat(300_000))) {
      clock.advance(IssuerKeys.KEPT);
      issuer.keysPage = question -> garbage;
      assertThat(login(token)).as(garbage).isInstanceOf(Outcome.Granted.class);
    }
  }

  @Test
  void readsKeysFromAFile(@TempDir Path directory) throws Exception {
    Path file = Files.writeString(directory.resolve("keys"), issuer.jwks());
    authenticator = byKeys(Optional.empty(), Optional.of(file), "");
    assertThat(login(issuer.sign("one", claims("alice@a.test", 60))))
        .isInstanceOf(Outcome.Granted.class);
    assertThat(issuer.keysAsked).hasValue(0);
  }

  @Test
  void wantsTheScopeThatWasSet() throws Exception {
    authenticator = byKeys(Optional.of(issuer.address("/keys")), Optional.empty(), "mail.read");
    String usual = claims("alice@a.test", 60);
    assertThat(login(issuer.sign("one", usual))).isEqualTo(DENIED);
    for (String scope : List.of("\"scope\":\"x mail.read\"", "\"scp\":[\"x\",\"mail.read\"]")) {
      assertThat(login(issuer.sign("one", usual.replace("\"exp\"", scope + ",\"exp\""))))
          .as(scope)
          .isInstanceOf(Outcome.Granted.class);
    }
    assertThat(login(issuer.sign("one", usual.replace("\"exp\"", "\"scope\":\"mail\",\"exp\""))))
        .isEqualTo(DENIED);
    assertThat(authenticator.tokenHint())
        .isEqualTo(
            new Authenticator.TokenHint(
                Optional.of("mail.read"),
                Optional.of(ISSUER + "/.well-known/openid-configuration")));
  }

  @Test
  void asksTheIssuer() throws Exception {
    authenticator = byAsking(List.of());
    issuer.introspection =
        question ->
            question.equals("token=a%2Bb%3D&token_type_hint=access_token")
                ? "{\"active\":true,\"email\":\"alice@a.test\"}"
                : "{\"active\":false}";
    assertThat(login("a+b=")).isInstanceOf(Outcome.Granted.class);
    // RFC 6749 section 2.3.1: "us" and "s:e%".
    assertThat(issuer.authorization).isEqualTo("Basic dXM6cyUzQWUlMjU=");
    assertThat(login("bob@a.test", "a+b=")).isEqualTo(DENIED);
    assertThat(login("other")).isEqualTo(DENIED);
  }

  @Test
  void takesNoAnswerThatIsNone() throws Exception {
    authenticator = byAsking(List.of("mail"));
    long now = clock.instant().getEpochSecond();
    String usual =
        "{\"active\":true,\"email\":\"alice@a.test\",\"aud\":[\"x\",\"mail\"],\"iss\":\""
            + ISSUER
            + "\"}";
    for (String answer :
        List.of(
            usual.replace("true", "\"true\""),
            usual.replace("true", "1"),
            usual.replace("\"mail\"", "\"chat\""),
            usual.replace("\"aud\"", "\"aude\""),
            usual.replace(ISSUER, "https://login.b.test"),
            usual.replace("\"iss\"", "\"exp\":" + (now - 60) + ",\"iss\""),
            usual.replace("\"iss\"", "\"nbf\":" + (now + 61) + ",\"iss\""),
            usual.replace("alice", "carol"),
            "{}")) {
      issuer.introspection = question -> answer;
      assertThat(login("opaque")).as(answer).isEqualTo(DENIED);
    }
    for (String garbage : List.of("", "garbage", "[true]", "7", "x".repeat(300_000))) {
      issuer.introspection = question -> garbage;
      assertThat(login("opaque")).as(garbage).isEqualTo(UNAVAILABLE);
    }
    issuer.introspection = question -> usual;
    assertThat(login("opaque")).isInstanceOf(Outcome.Granted.class);
    issuer.status = 401;
    assertThat(login("opaque")).isEqualTo(UNAVAILABLE);
  }

  @Test
  void doesNotListenToANetworkThatFailedTooOften() throws Exception {
    String good = issuer.sign("one", claims("alice@a.test", 60));
    issuer.status = 500;
    for (int i = 0; i < 50; i++) {
      // That the issuer does not answer is nobody's failure.
      assertThat(login(good)).isEqualTo(UNAVAILABLE);
    }
    issuer.status = 200;
    clock.advance(IssuerKeys.PAUSE);
    good = issuer.sign("one", claims("alice@a.test", 60));
    assertThat(login(good)).isInstanceOf(Outcome.Granted.class);
    for (int i = 0; i < LimitsConfig.DEFAULTS.failedLoginsPerAddress(); i++) {
      assertThat(login("guess")).isEqualTo(DENIED);
    }
    assertThat(login(good)).isEqualTo(new Outcome.Throttled(LoginThrottle.WINDOW));
  }

  @Test
  void neverWaitsForASlowIssuerForLong() throws Exception {
    assertThat(Tokens.ANSWER_TIME_MAX).isLessThanOrEqualTo(Duration.ofSeconds(10));
    Tokens tokens = new Tokens(asking(List.of()), new Fetch(Duration.ofMillis(200)), clock);
    CountDownLatch never = new CountDownLatch(1);
    issuer.introspection =
        question -> {
          never.await();
          return "";
        };
    assertThat(tokens.check("opaque")).isInstanceOf(TokenVerdict.Unknown.class);
    never.countDown();
  }

  /** That end so many seconds from now. */
  private String claims(String email, long seconds) {
    return "{\"iss\":\"%s\",\"aud\":\"mail\",\"email\":\"%s\",\"exp\":%d}"
        .formatted(ISSUER, email, clock.instant().getEpochSecond() + seconds);
  }

  private Outcome login(String token) throws Exception {
    return authenticator.authenticate(new SaslStep.Bearer(Optional.empty(), token), HOME);
  }

  private Outcome login(String wanted, String token) throws Exception {
    return authenticator.authenticate(new SaslStep.Bearer(Optional.of(wanted), token), HOME);
  }

  private AccountAuthenticator byKeys(Optional<URI> address, Optional<Path> file, String scope) {
    return with(
        new OAuthConfig(
            Optional.of(ISSUER),
            List.of("mail"),
            address,
            file,
            Optional.empty(),
            "email",
            Optional.of(scope).filter(s -> !s.isEmpty())));
  }

  private AccountAuthenticator byAsking(List<String> audiences) {
    return with(asking(audiences));
  }

  private OAuthConfig asking(List<String> audiences) {
    return new OAuthConfig(
        Optional.of(ISSUER),
        audiences,
        Optional.empty(),
        Optional.empty(),
        Optional.of(new OAuthConfig.Introspection(issuer.address("/introspect"), "us", "s:e%")),
        "email",
        Optional.empty());
  }

  private AccountAuthenticator with(OAuthConfig oauth) {
    return new AccountAuthenticator(
        accounts,
        List.of("a.test"),
        LimitsConfig.DEFAULTS,
        new AuthConfig(Optional.empty(), Optional.empty(), Optional.of(oauth)),
        Strangers.ofChance(),
        clock);
  }
}
