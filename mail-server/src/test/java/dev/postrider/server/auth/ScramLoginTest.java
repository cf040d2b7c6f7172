package dev.postrider.server.auth;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.postrider.protocol.sasl.SaslMechanism;
import dev.postrider.protocol.sasl.SaslServer;
import dev.postrider.protocol.sasl.SaslStep;
import dev.postrider.protocol.sasl.SaslStep.ScramProof;
import dev.postrider.protocol.sasl.ScramHash;
import dev.postrider.protocol.sasl.ScramKeys;
import dev.postrider.protocol.sasl.ScramServer;
import dev.postrider.server.auth.Authenticator.Outcome;
import dev.postrider.server.config.AuthConfig;
import dev.postrider.server.config.LimitsConfig;
import dev.postrider.server.net.PipeConnection;
import dev.postrider.testkit.dialog.DuplexPipe;
import dev.postrider.testkit.sasl.ScramClient;
import dev.postrider.testkit.time.FakeClock;
import java.io.IOException;
import java.net.InetAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Base64;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ScramLoginTest {

  private static final InetAddress HOME = InetAddress.ofLiteral("192.0.2.1");
  private static final InetAddress ELSEWHERE = InetAddress.ofLiteral("198.51.100.1");
  private static final byte[] DEMO = "demo".getBytes(UTF_8);
  private static final Set<ScramHash> ALL = Set.of(ScramHash.values());

  private final FakeClock clock = new FakeClock();
  private final OneAccount accounts = new OneAccount();
  private final AccountAuthenticator authenticator =
      new AccountAuthenticator(accounts, List.of("a.test"), LimitsConfig.DEFAULTS, clock);

  @Test
  void aRightPasswordMakesTheKeysThatLack() throws Exception {
    String old = accounts.credential;
    assertThat(authenticator.authenticate("alice@a.test", "demo!".getBytes(UTF_8), HOME))
        .isEqualTo(new Outcome.Denied());
    assertThat(accounts.credential).isEqualTo(old);
    assertThat(authenticator.authenticate("alice@a.test", DEMO, HOME))
        .isEqualTo(new Outcome.Granted(accounts.alice()));
    assertThat(accounts.credential).startsWith(old + " $scram-sha-256$").contains("$scram-sha-1$");
    String made = accounts.credential;
    assertThat(authenticator.authenticate("alice@a.test", DEMO, HOME))
        .isInstanceOf(Outcome.Granted.class);
    assertThat(accounts.credential).isEqualTo(made);
    assertThat(login("alice", "demo", HOME)).isInstanceOf(Outcome.Granted.class);
  }

  @Test
  void makesNoKeysThatNobodyWants() throws Exception {
    AuthConfig passwords =
        new AuthConfig(
            Optional.of(List.of(SaslMechanism.PLAIN, SaslMechanism.LOGIN)), Optional.empty());
    AccountAuthenticator plain =
        new AccountAuthenticator(
            accounts,
            List.of("a.test"),
            LimitsConfig.DEFAULTS,
            passwords,
            Strangers.ofChance(),
            clock);
    String old = accounts.credential;
    assertThat(plain.authenticate("alice@a.test", DEMO, HOME)).isInstanceOf(Outcome.Granted.class);
    assertThat(accounts.credential).isEqualTo(old);
  }

  @Test
  void aPasswordThatWasChangedMeanwhileStays() throws Exception {
    String changed = PasswordHash.create("new".getBytes(UTF_8));
    accounts.beforeReplacing = () -> accounts.credential = changed;
    assertThat(authenticator.authenticate("alice@a.test", DEMO, HOME))
        .isInstanceOf(Outcome.Granted.class);
    assertThat(accounts.credential).isEqualTo(changed);
    assertThat(authenticator.authenticate("alice@a.test", DEMO, HOME))
        .isEqualTo(new Outcome.Denied());
  }

  @Test
  void deniesAWrongProofAndAnUnknownNameAlike() throws Exception {
    accounts.credential = Credential.create(DEMO, ALL);
    assertThat(login("alice@a.test", "wrong", HOME)).isEqualTo(new Outcome.Denied());
    assertThat(login("carol@a.test", "demo", HOME)).isEqualTo(new Outcome.Denied());
    assertThat(login("@", "demo", HOME)).isEqualTo(new Outcome.Denied());
    ScramKeys known = authenticator.scramKeys("Alice", ScramHash.SHA_1);
    ScramKeys unknown = authenticator.scramKeys("Carol", ScramHash.SHA_1);
    assertThat(unknown.iterations()).isEqualTo(known.iterations());
    assertThat(unknown.salt().length()).isEqualTo(known.salt().length());
    assertThat(authenticator.scramKeys("carol@A.test", ScramHash.SHA_1)).isEqualTo(unknown);
    assertThat(authenticator.scramKeys("carol", ScramHash.SHA_256).salt())
        .isNotEqualTo(unknown.salt());
  }

  @Test
  void anAccountWithoutKeysLooksLikeAnUnknownName() throws Exception {
    ScramKeys keys = authenticator.scramKeys("alice", ScramHash.SHA_256);
    assertThat(authenticator.scramKeys("alice@a.test", ScramHash.SHA_256)).isEqualTo(keys);
    assertThat(login("alice", "demo", HOME)).isEqualTo(new Outcome.Denied());
  }

  @Test
  void keysOfAnOldPasswordProveNothing() throws Exception {
    accounts.credential = Credential.create(DEMO, ALL);
    ScramProof proof = proof("alice", "demo");
    accounts.credential = Credential.create("new".getBytes(UTF_8), ALL);
    assertThat(authenticator.authenticate(proof, HOME)).isEqualTo(new Outcome.Denied());
    assertThat(login("alice", "new", HOME)).isInstanceOf(Outcome.Granted.class);
  }

  @Test
  void doesNotListenToANetworkThatFailedTooOften() throws Exception {
    accounts.credential = Credential.create(DEMO, ALL);
    for (int i = 0; i < LimitsConfig.DEFAULTS.failedLoginsPerAddress(); i++) {
      assertThat(login("user" + i, "guess", HOME)).isEqualTo(new Outcome.Denied());
    }
    assertThat(login("alice", "demo", HOME)).isEqualTo(new Outcome.Throttled(LoginThrottle.WINDOW));
    assertThat(authenticator.authenticate("alice", DEMO, HOME))
        .isEqualTo(new Outcome.Throttled(LoginThrottle.WINDOW));
    assertThat(login("alice", "demo", ELSEWHERE)).isInstanceOf(Outcome.Granted.class);
  }

  @Test
  void slowsDownGuessesAtOneNameButNotItsOwner() throws Exception {
    accounts.credential = Credential.create(DEMO, ALL);
    assertThat(login("alice", "demo", HOME)).isInstanceOf(Outcome.Granted.class);
    for (int i = 0; i < LoginThrottle.NAME_FAILURES_FREE; i++) {
      InetAddress from = InetAddress.ofLiteral("203.0.113." + i);
      assertThat(login("alice@a.test", "guess", from)).isEqualTo(new Outcome.Denied());
    }
    assertThat(login("ALICE", "guess", ELSEWHERE)).isInstanceOf(Outcome.Throttled.class);
    assertThat(login("alice", "demo", HOME)).isInstanceOf(Outcome.Granted.class);
    clock.advance(LoginThrottle.NAME_DELAY_MAX);
    assertThat(login("alice", "guess", ELSEWHERE)).isEqualTo(new Outcome.Denied());
  }

  @Test
  void looksFromTimeToTimeWhetherEverybodyHasKeys() throws Exception {
    PipeConnection connection = new PipeConnection(new DuplexPipe().server(), true);
    List<SaslMechanism> passwords = List.of(SaslMechanism.PLAIN, SaslMechanism.LOGIN);
    assertThat(authenticator.mechanisms(connection)).isEqualTo(passwords);
    accounts.credential = Credential.create(DEMO, ALL);
    int asked = accounts.asked;
    assertThat(authenticator.mechanisms(connection)).isEqualTo(passwords);
    assertThat(accounts.asked).isEqualTo(asked);
    clock.advance(Offers.ASKED_AGAIN);
    List<SaslMechanism> all =
        List.of(
            SaslMechanism.SCRAM_SHA_256,
            SaslMechanism.SCRAM_SHA_1,
            SaslMechanism.PLAIN,
            SaslMechanism.LOGIN);
    assertThat(authenticator.mechanisms(connection)).isEqualTo(all);
    accounts.credential = Credential.create(DEMO, Set.of(ScramHash.SHA_1));
    clock.advance(Offers.ASKED_AGAIN);
    assertThat(authenticator.mechanisms(connection)).isEqualTo(all);
    clock.advance(Offers.BELIEVED);
    assertThat(authenticator.mechanisms(connection)).doesNotContain(SaslMechanism.SCRAM_SHA_256);
    assertThat(authenticator.mechanisms(new PipeConnection(new DuplexPipe().server(), false)))
        .isEmpty();
  }

  @Test
  void secretIsMadeOnceAndMustBeOne(@TempDir Path directory) throws Exception {
    Path file = directory.resolve("login.secret");
    ScramKeys keys = Strangers.readOrMake(file).keys("carol", ScramHash.SHA_256);
    assertThat(Strangers.readOrMake(file).keys("carol", ScramHash.SHA_256)).isEqualTo(keys);
    Files.writeString(file, "short");
    assertThatExceptionOfType(IOException.class).isThrownBy(() -> Strangers.readOrMake(file));
  }

  private Outcome login(String name, String password, InetAddress from) throws Exception {
    return authenticator.authenticate(proof(name, password), from);
  }

  /** What a client makes of the keys. */
  private ScramProof proof(String name, String password) throws Exception {
    ScramServer server =
        (ScramServer)
            SaslServer.of(
                SaslMechanism.SCRAM_SHA_256,
                new SaslServer.Offer(List.of(), _ -> Optional.empty(), "nonce"));
    ScramClient client = new ScramClient("SHA-256", "n,,", new byte[0], name, password, "x");
    SaslStep step = server.begin(Optional.of(base64(client.first())));
    assertThat(step).isInstanceOf(SaslStep.ScramUser.class);
    String first = server.keys(authenticator.scramKeys(name, ScramHash.SHA_256)).base64();
    String last = client.last(new String(Base64.getDecoder().decode(first), UTF_8));
    return (ScramProof) server.next(base64(last));
  }

  private static String base64(String text) {
    return Base64.getEncoder().encodeToString(text.getBytes(UTF_8));
  }
}
