package dev.postrider.server.main;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.postrider.server.config.AuthConfig;
import dev.postrider.server.config.TlsConfig;
import dev.postrider.server.config.TlsConfig.CertifiedName;
import dev.postrider.server.net.TestAuthority;
import dev.postrider.server.net.TestAuthority.Holder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import javax.net.ssl.KeyManager;
import org.bouncycastle.asn1.x509.KeyPurposeId;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Logins by certificate, at a whole server. */
class ExternalLoginTest {

  private static final String PASSWORDS = "AUTH=PLAIN AUTH=LOGIN";
  private static final List<String> PROTOCOLS = List.of("TLSv1.3", "TLSv1.2");

  @TempDir Path directory;

  private TestAuthority authority;

  @BeforeEach
  void makeAuthority() throws Exception {
    authority = TestAuthority.root("People");
  }

  @Test
  void letsInWhomTheCertificateNames() throws Exception {
    try (LoginHouse house = house(CertifiedName.EMAIL)) {
      KeyManager[] keys = authority.keys(Holder.of("somebody", "nobody@b.test", "Alice@A.test"));
      for (String protocol : PROTOCOLS) {
        try (LoginClient imap = house.imap(protocol, keys);
            LoginClient submission = house.submission(protocol, keys)) {
          assertThat(imap.offered()).isEqualTo("AUTH=EXTERNAL " + PASSWORDS);
          assertThat(imap.begin("EXTERNAL", "")).startsWith("a OK [CAPABILITY ");
          assertThat(submission.offered()).isEqualTo("AUTH EXTERNAL PLAIN LOGIN");
          submission.say("AUTH EXTERNAL");
          assertThat(submission.hear()).isEqualTo("334 ");
          submission.say("");
          assertThat(submission.hear()).isEqualTo("235 2.7.0 Welcome");
        }
      }
    }
  }

  @Test
  void letsInAsNobodyElse() throws Exception {
    try (LoginHouse house = house(CertifiedName.EMAIL);
        LoginClient imap = house.imap("TLSv1.3", keys("alice@a.test"));
        LoginClient submission = house.submission("TLSv1.3", keys("alice@a.test"));
        LoginClient stranger = house.imap("TLSv1.3", keys("carol@a.test"))) {
      var _ = imap.offered();
      var _ = submission.offered();
      assertThat(imap.begin("EXTERNAL", "bob@a.test"))
          .isEqualTo(
              "a NO [AUTHENTICATIONFAILED] Your certificate names no account here, or another one");
      assertThat(imap.begin("EXTERNAL", "a\0b")).startsWith("a BAD");
      assertThat(submission.begin("EXTERNAL", "bob@a.test"))
          .startsWith("535 5.7.8 Your certificate names");
      assertThat(imap.begin("EXTERNAL", "ALICE")).startsWith("a OK");
      assertThat(submission.begin("EXTERNAL", "alice@a.test")).startsWith("235");
      assertThat(stranger.offered()).startsWith("AUTH=EXTERNAL ");
      for (int i = 1; i < 5; i++) {
        assertThat(stranger.begin("EXTERNAL", "")).startsWith("a NO [AUTHENTICATIONFAILED]");
      }
      assertThat(stranger.begin("EXTERNAL", "")).startsWith("* BYE");
    }
  }

  @Test
  void asksForNothingWithoutAnAuthority() throws Exception {
    try (LoginHouse house = new LoginHouse(directory, Set.of());
        LoginClient imap = house.imap("TLSv1.3", keys("alice@a.test"))) {
      assertThat(imap.offered()).isEqualTo(PASSWORDS);
      assertThat(imap.begin("EXTERNAL", "")).isEqualTo("a NO [CANNOT] Mechanisms are PLAIN, LOGIN");
    }
  }

  @Test
  void whoeverShowsNoneOrAnotherOneLogsInByPassword() throws Exception {
    Instant now = Instant.now();
    TestAuthority other = TestAuthority.root("People");
    try (LoginHouse house = house(CertifiedName.EMAIL)) {
      for (KeyManager[] keys :
          List.of(
              new KeyManager[0],
              other.keys(Holder.of("alice", "alice@a.test")),
              TestAuthority.root("Others").keys(Holder.of("alice", "alice@a.test")),
              authority.keys(Holder.of("alice", "alice@a.test").until(now.minusSeconds(60))),
              authority.keys(
                  Holder.of("alice", "alice@a.test").with(KeyPurposeId.id_kp_serverAuth)),
              authority.keys(Holder.of("alice@a.test")))) {
        for (String protocol : PROTOCOLS) {
          try (LoginClient imap = house.imap(protocol, keys)) {
            assertThat(imap.offered()).isEqualTo(PASSWORDS);
            assertThat(imap.begin("EXTERNAL", "alice@a.test")).startsWith("a NO [CANNOT]");
            assertThat(imap.begin("PLAIN", "\0alice\0demo")).startsWith("a OK");
          }
        }
      }
    }
  }

  @Test
  void followsAChainToTheAuthority() throws Exception {
    TestAuthority below = authority.below("Staff");
    try (LoginHouse house = house(CertifiedName.EMAIL);
        LoginClient imap = house.imap("TLSv1.3", below.keys(Holder.of("alice", "alice@a.test")))) {
      var _ = imap.offered();
      assertThat(imap.begin("EXTERNAL", "")).startsWith("a OK");
    }
  }

  @Test
  void takesTheCommonNameWhereThatIsChosen() throws Exception {
    try (LoginHouse house = house(CertifiedName.COMMON_NAME);
        LoginClient imap = house.imap("TLSv1.3", authority.keys(Holder.of("alice")));
        LoginClient other =
            house.imap("TLSv1.3", authority.keys(Holder.of("carol", "alice@a.test")))) {
      var _ = imap.offered();
      var _ = other.offered();
      assertThat(imap.begin("EXTERNAL", "")).startsWith("a OK");
      assertThat(other.begin("EXTERNAL", "alice@a.test")).startsWith("a NO");
    }
  }

  @Test
  void saysWhatIsWrongWithTheFile() throws Exception {
    Path file = Files.writeString(directory.resolve("ca.pem"), "nothing");
    TlsConfig tls =
        new TlsConfig(Optional.empty(), Optional.empty(), Optional.of(file), CertifiedName.EMAIL);
    assertThatThrownBy(
            () -> new LoginHouse(directory.resolve("d"), AuthConfig.DEFAULTS, tls, Set.of()))
        .isInstanceOf(Refusal.class)
        .hasMessageStartingWith(file + ": holds no certificate");
  }

  private KeyManager[] keys(String email) throws Exception {
    return authority.keys(Holder.of("somebody", email));
  }

  private LoginHouse house(CertifiedName name) throws Exception {
    Path file = authority.write(directory.resolve("ca.pem"));
    TlsConfig tls = new TlsConfig(Optional.empty(), Optional.empty(), Optional.of(file), name);
    return new LoginHouse(directory.resolve("d"), AuthConfig.DEFAULTS, tls, Set.of());
  }
}
