package dev.postrider.server.main;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.postrider.protocol.sasl.SaslMechanism;
import dev.postrider.protocol.sasl.ScramHash;
import dev.postrider.server.config.AuthConfig;
import dev.postrider.server.config.ListenerKind;
import dev.postrider.testkit.dialog.SocketTransport;
import dev.postrider.testkit.dialog.Transport;
import java.io.BufferedReader;
import java.io.InputStreamReader;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Every way to log in, at a whole server, by IMAP and by submission. */
class LoginsTest {

  private static final Set<ScramHash> ALL = Set.of(ScramHash.values());
  private static final String USER = "alice@a.test";
  private static final byte[] NONE = new byte[0];
  private static final List<String> PROTOCOLS = List.of("TLSv1.3", "TLSv1.2");

  @TempDir Path directory;

  @Test
  void offersAllThatEverybodyCanUse() throws Exception {
    try (LoginHouse house = new LoginHouse(directory, ALL)) {
      for (String protocol : PROTOCOLS) {
        try (LoginClient imap = house.imap(protocol);
            LoginClient submission = house.submission(protocol)) {
          assertThat(imap.offered())
              .isEqualTo("AUTH=SCRAM-SHA-256 AUTH=SCRAM-SHA-1 AUTH=PLAIN AUTH=LOGIN");
          assertThat(submission.offered()).isEqualTo("AUTH SCRAM-SHA-256 SCRAM-SHA-1 PLAIN LOGIN");
        }
      }
    }
    assertThat(
            PosixFilePermissions.toString(
                Files.getPosixFilePermissions(directory.resolve("login.secret"))))
        .isEqualTo("rw-------");
  }

  @Test
  void offersNothingInTheClear() throws Exception {
    try (LoginHouse house = new LoginHouse(directory, ALL);
        Transport plain =
            SocketTransport.connect(
                new InetSocketAddress(
                    InetAddress.getLoopbackAddress(), house.port(ListenerKind.IMAP)))) {
      BufferedReader in = new BufferedReader(new InputStreamReader(plain.in(), UTF_8));
      assertThat(in.readLine()).contains("LOGINDISABLED").doesNotContain("AUTH=");
      plain.out().write("a AUTHENTICATE SCRAM-SHA-256 biws\r\n".getBytes(UTF_8));
      assertThat(in.readLine()).startsWith("a NO [PRIVACYREQUIRED]");
    }
  }

  @Test
  void letsInByScram() throws Exception {
    try (LoginHouse house = new LoginHouse(directory, ALL)) {
      for (String mechanism : List.of("SCRAM-SHA-256", "SCRAM-SHA-1")) {
        try (LoginClient imap = house.imap("TLSv1.3");
            LoginClient submission = house.submission("TLSv1.3")) {
          var _ = imap.offered();
          var _ = submission.offered();
          assertThat(imap.scram(mechanism, "n,,", NONE, "ALICE", "demo"))
              .startsWith("a OK [CAPABILITY")
              .doesNotContain("AUTH=");
          assertThat(submission.scram(mechanism, "n,a=alice@a.test,", NONE, USER, "demo"))
              .isEqualTo("235 2.7.0 Welcome");
        }
      }
    }
  }

  @Test
  void letsInByScramThatIsBoundToTheConnection() throws Exception {
    try (LoginHouse house = bound()) {
      for (String protocol : PROTOCOLS) {
        try (LoginClient imap = house.imap(protocol)) {
          assertThat(imap.offered())
              .isEqualTo(
                  "AUTH=SCRAM-SHA-1-PLUS AUTH=SCRAM-SHA-256-PLUS AUTH=SCRAM-SHA-256"
                      + " AUTH=SCRAM-SHA-1 LOGINDISABLED");
        }
        for (String mechanism : List.of("SCRAM-SHA-256-PLUS", "SCRAM-SHA-1-PLUS")) {
          try (LoginClient imap = house.imap(protocol);
              LoginClient submission = house.submission(protocol)) {
            var _ = imap.offered();
            var _ = submission.offered();
            assertThat(imap.scram(mechanism, "p=tls-exporter,,", imap.exported(), USER, "demo"))
                .startsWith("a OK");
            assertThat(
                    submission.scram(
                        mechanism, "p=tls-server-end-point,,", submission.endPoint(), USER, "demo"))
                .startsWith("235");
          }
        }
      }
    }
  }

  private LoginHouse bound() throws Exception {
    AuthConfig chosen =
        new AuthConfig(
            Optional.of(
                List.of(
                    SaslMechanism.SCRAM_SHA_1_PLUS,
                    SaslMechanism.SCRAM_SHA_256_PLUS,
                    SaslMechanism.SCRAM_SHA_256,
                    SaslMechanism.SCRAM_SHA_1)),
            Optional.empty());
    return new LoginHouse(directory, chosen, LoginHouse.selfSigned(), ALL);
  }

  @Test
  void refusesWhoeverIsBetween() throws Exception {
    try (LoginHouse house = bound()) {
      try (LoginClient imap = house.imap("TLSv1.3");
          LoginClient other = house.imap("TLSv1.3");
          LoginClient submission = house.submission("TLSv1.3")) {
        var _ = imap.offered();
        var _ = submission.offered();
        // What another connection is called, and an offer without what is bound.
        byte[] elsewhere = other.exported();
        assertThat(imap.scram("SCRAM-SHA-256-PLUS", "p=tls-exporter,,", elsewhere, USER, "demo"))
            .startsWith("a NO [AUTHENTICATIONFAILED] Your client sees another TLS connection");
        assertThat(imap.begin("SCRAM-SHA-256", "y,,n=" + USER + ",r=abc"))
            .startsWith("a NO [AUTHENTICATIONFAILED] Your client sees");
        assertThat(submission.begin("SCRAM-SHA-1", "y,,n=" + USER + ",r=abc"))
            .startsWith("535 5.7.8 Your client sees");
        assertThat(
                submission.scram("SCRAM-SHA-1-PLUS", "p=tls-exporter,,", elsewhere, USER, "demo"))
            .startsWith("535 5.7.8 Your client sees");
        // Both go on.
        assertThat(imap.scram("SCRAM-SHA-256", "n,,", NONE, USER, "demo")).startsWith("a OK");
        assertThat(submission.scram("SCRAM-SHA-256", "n,,", NONE, USER, "demo")).startsWith("235");
      }
    }
  }

  @Test
  void doesNotTellWhoHasAnAccount() throws Exception {
    String known;
    String unknown;
    try (LoginHouse house = new LoginHouse(directory, ALL);
        LoginClient imap = house.imap("TLSv1.3")) {
      var _ = imap.offered();
      known = salt(imap, "alice");
      unknown = salt(imap, "carol");
      assertThat(salt(imap, "ALICE@A.test")).isEqualTo(known);
      assertThat(salt(imap, "CAROL@A.test")).isEqualTo(unknown).hasSameSizeAs(known);
      assertThat(salt(imap, "dave")).isNotEqualTo(unknown);
      String denied = imap.scram("SCRAM-SHA-256", "n,,", NONE, "alice", "wrong");
      assertThat(denied).isEqualTo("a NO [AUTHENTICATIONFAILED] Wrong user name or password");
      assertThat(imap.scram("SCRAM-SHA-256", "n,,", NONE, "carol", "demo")).isEqualTo(denied);
      assertThat(imap.scram("SCRAM-SHA-256", "n,a=bob@a.test,", NONE, "alice", "demo"))
          .isEqualTo("a NO [AUTHENTICATIONFAILED] Nobody may act for somebody else");
    }
    try (LoginHouse house = new LoginHouse(directory, ALL);
        LoginClient imap = house.imap("TLSv1.3")) {
      var _ = imap.offered();
      assertThat(salt(imap, "alice")).isEqualTo(known);
      assertThat(salt(imap, "carol")).isEqualTo(unknown);
    }
  }

  /** Salt and iterations. */
  private static String salt(LoginClient client, String user) throws Exception {
    String first = client.challenge(client.begin("SCRAM-SHA-256", "n,,n=" + user + ",r=abc"));
    client.say("*");
    assertThat(client.hear()).isEqualTo("a BAD Cancelled");
    return first.substring(first.indexOf(",s="));
  }

  @Test
  void answersNonsenseAndGoesOn() throws Exception {
    try (LoginHouse house = new LoginHouse(directory, ALL);
        LoginClient imap = house.imap("TLSv1.3");
        LoginClient submission = house.submission("TLSv1.3")) {
      var _ = imap.offered();
      var _ = submission.offered();
      for (LoginClient client : List.of(imap, submission)) {
        String bad = client == imap ? "a BAD " : "501 5.5.2 ";
        assertThat(client.begin("SCRAM-SHA-256", "")).startsWith(bad);
        assertThat(client.begin("SCRAM-SHA-256", "n,,n=x")).startsWith(bad);
        var _ = client.challenge(client.begin("SCRAM-SHA-1", "n,,n=alice,r=abc"));
        assertThat(client.answer("c=biws,r=abc,p=AAAA")).startsWith(bad);
        var _ = client.challenge(client.begin("SCRAM-SHA-1", "n,,n=alice,r=abc"));
        client.say("!!");
        assertThat(client.hear()).startsWith(bad);
        assertThat(client.begin("SCRAM-MD5", "n,,n=x"))
            .startsWith(client == imap ? "a NO [CANNOT] Mechanisms are SCRAM-SHA-256," : "504");
        assertThat(client.scram("SCRAM-SHA-256", "n,,", NONE, "alice", "demo"))
            .startsWith(client == imap ? "a OK" : "235");
      }
    }
  }

  @Test
  void endsASessionThatGuesses() throws Exception {
    try (LoginHouse house = new LoginHouse(directory, ALL);
        LoginClient imap = house.imap("TLSv1.3");
        LoginClient submission = house.submission("TLSv1.3")) {
      var _ = imap.offered();
      var _ = submission.offered();
      for (int i = 1; i < 5; i++) {
        assertThat(imap.scram("SCRAM-SHA-256", "n,,", NONE, "alice", "x")).startsWith("a NO");
        assertThat(submission.scram("SCRAM-SHA-1", "n,,", NONE, "alice", "x")).startsWith("535");
      }
      assertThat(imap.scram("SCRAM-SHA-256", "n,,", NONE, "alice", "x")).startsWith("* BYE");
      assertThat(submission.scram("SCRAM-SHA-1", "n,,", NONE, "alice", "x")).startsWith("421");
    }
  }

  @Test
  void makesKeysAtTheFirstLoginByPassword() throws Exception {
    try (LoginHouse house = new LoginHouse(directory, Set.of());
        LoginClient imap = house.imap("TLSv1.3");
        LoginClient submission = house.submission("TLSv1.3")) {
      assertThat(imap.offered()).isEqualTo("AUTH=PLAIN AUTH=LOGIN");
      assertThat(imap.begin("SCRAM-SHA-256", "n,,n=alice,r=x")).startsWith("a NO [CANNOT]");
      assertThat(submission.offered()).isEqualTo("AUTH PLAIN LOGIN");
      assertThat(submission.begin("PLAIN", "\0alice\0demo")).startsWith("235");
    }
    try (LoginHouse house = new LoginHouse(directory, Set.of());
        LoginClient imap = house.imap("TLSv1.3")) {
      assertThat(imap.offered()).startsWith("AUTH=SCRAM-SHA-256 ");
      assertThat(imap.scram("SCRAM-SHA-256", "n,,", NONE, "alice", "demo")).startsWith("a OK");
    }
  }

  @Test
  void offersWhatTheOperatorChose() throws Exception {
    AuthConfig chosen =
        new AuthConfig(Optional.of(List.of(SaslMechanism.SCRAM_SHA_256)), Optional.empty());
    try (LoginHouse house = new LoginHouse(directory, chosen, LoginHouse.selfSigned(), ALL);
        LoginClient imap = house.imap("TLSv1.3");
        LoginClient submission = house.submission("TLSv1.3")) {
      assertThat(imap.offered()).isEqualTo("AUTH=SCRAM-SHA-256 LOGINDISABLED");
      assertThat(submission.offered()).isEqualTo("AUTH SCRAM-SHA-256");
      imap.say("b LOGIN alice demo");
      assertThat(imap.hear()).isEqualTo("b NO [CANNOT] LOGIN is switched off; use AUTHENTICATE");
      assertThat(imap.begin("PLAIN", "\0alice\0demo"))
          .isEqualTo("a NO [CANNOT] Mechanisms are SCRAM-SHA-256");
      assertThat(submission.begin("PLAIN", "\0alice\0demo"))
          .isEqualTo("504 5.5.4 Use one of SCRAM-SHA-256");
      // Nothing that is bound is offered, so nobody has removed it.
      assertThat(imap.scram("SCRAM-SHA-256", "y,,", NONE, "alice", "demo")).startsWith("a OK");
      assertThat(submission.scram("SCRAM-SHA-256", "n,,", NONE, USER, "demo")).startsWith("235");
    }
  }

  @Test
  void letsTheNextOneInOnTheSameConnection() throws Exception {
    try (LoginHouse house = bound();
        LoginClient imap = house.imap("TLSv1.3")) {
      String offered = imap.offered();
      assertThat(imap.scram("SCRAM-SHA-256", "n,,", NONE, USER, "demo")).startsWith("a OK");
      imap.say("b AUTHENTICATE SCRAM-SHA-256");
      assertThat(imap.hear()).isEqualTo("b BAD AUTHENTICATE is not possible after the login");
      imap.say("c UNAUTHENTICATE");
      assertThat(imap.hear()).startsWith("c OK");
      imap.say("d CAPABILITY");
      assertThat(imap.hear()).endsWith(" " + offered);
      assertThat(imap.hear()).startsWith("d OK");
      // RFC 9266: the connection is still called the same.
      assertThat(
              imap.scram("SCRAM-SHA-256-PLUS", "p=tls-exporter,,", imap.exported(), USER, "demo"))
          .startsWith("a OK");
      imap.say("e ENABLE IMAP4rev2 UTF8=ACCEPT UIDONLY");
      assertThat(imap.hear()).startsWith("* ENABLED");
      assertThat(imap.hear()).startsWith("e OK");
    }
  }
}
