package dev.postrider.server.main;

import static org.assertj.core.api.Assertions.assertThat;

import dev.postrider.protocol.sasl.SaslMechanism;
import dev.postrider.server.config.AuthConfig;
import dev.postrider.server.config.OAuthConfig;
import dev.postrider.server.http.TestIssuer;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** OAUTHBEARER and XOAUTH2 at a whole server. */
class TokenLoginsTest {

  private static final String ISSUER = "https://login.a.test/";
  private static final String REFUSED =
      "a NO [AUTHENTICATIONFAILED] Your token is not good for this account, or not any more";

  @TempDir Path directory;

  private TestIssuer issuer;

  @BeforeEach
  void start() throws Exception {
    issuer = new TestIssuer();
    issuer.addKey("one", "ES256");
  }

  @AfterEach
  void stop() {
    issuer.close();
  }

  @Test
  void letsInByAToken() throws Exception {
    String token = token("alice@a.test", "");
    try (LoginHouse house = house(Optional.empty());
        LoginClient imap = house.imap("TLSv1.3");
        LoginClient google = house.imap("TLSv1.2");
        LoginClient submission = house.submission("TLSv1.3");
        LoginClient other = house.submission("TLSv1.3")) {
      assertThat(imap.offered()).isEqualTo("AUTH=PLAIN AUTH=LOGIN AUTH=OAUTHBEARER AUTH=XOAUTH2");
      assertThat(submission.offered()).isEqualTo("AUTH PLAIN LOGIN OAUTHBEARER XOAUTH2");
      var _ = google.offered();
      var _ = other.offered();
      assertThat(imap.begin("OAUTHBEARER", bearer("n,a=alice@a.test,", token)))
          .startsWith("a OK [CAPABILITY ");
      assertThat(google.begin("XOAUTH2", xoauth2("alice@a.test", token))).startsWith("a OK");
      assertThat(submission.begin("XOAUTH2", xoauth2("alice@a.test", token)))
          .isEqualTo("235 2.7.0 Welcome");
      other.say("AUTH OAUTHBEARER");
      assertThat(other.hear()).isEqualTo("334 ");
      assertThat(other.answer(bearer("y,,", token))).isEqualTo("235 2.7.0 Welcome");
    }
  }

  @Test
  void takesATokenOfManyThings() throws Exception {
    String token = token("alice@a.test", "x".repeat(5_000));
    try (LoginHouse house = house(Optional.empty());
        LoginClient imap = house.imap("TLSv1.3");
        LoginClient submission = house.submission("TLSv1.3")) {
      var _ = imap.offered();
      var _ = submission.offered();
      assertThat(imap.begin("OAUTHBEARER", bearer("n,,", token))).startsWith("a OK");
      assertThat(submission.begin("OAUTHBEARER", bearer("n,,", token))).startsWith("235");
    }
  }

  @Test
  void saysWhyATokenIsRefusedAndThenFails() throws Exception {
    String stranger = token("carol@a.test", "");
    try (LoginHouse house = house(Optional.of("mail"));
        LoginClient imap = house.imap("TLSv1.3");
        LoginClient submission = house.submission("TLSv1.3")) {
      var _ = imap.offered();
      var _ = submission.offered();
      // RFC 7628 section 3.2.2 and section 3.2.3.
      assertThat(imap.challenge(imap.begin("OAUTHBEARER", bearer("n,,", stranger))))
          .isEqualTo(
              "{\"status\":\"invalid_token\",\"scope\":\"mail\",\"openid-configuration\":"
                  + "\"https://login.a.test/.well-known/openid-configuration\"}");
      assertThat(imap.answer("\1")).isEqualTo(REFUSED);
      assertThat(imap.challenge(imap.begin("OAUTHBEARER", "\1"))).contains("\"invalid_request\"");
      imap.say("*");
      assertThat(imap.hear()).isEqualTo("a BAD Cancelled");
      assertThat(imap.challenge(imap.begin("XOAUTH2", xoauth2("alice@a.test", stranger))))
          .isEqualTo("{\"status\":\"401\",\"schemes\":\"bearer\",\"scope\":\"mail\"}");
      imap.say("");
      assertThat(imap.hear()).isEqualTo(REFUSED);
      assertThat(submission.challenge(submission.begin("OAUTHBEARER", bearer("n,,", stranger))))
          .contains("invalid_token");
      assertThat(submission.answer("\1")).startsWith("535 5.7.8 Your token is not good");
      String good = token("alice@a.test", "");
      assertThat(imap.challenge(imap.begin("OAUTHBEARER", bearer("n,a=bob@a.test,", good))))
          .contains("invalid_token");
      assertThat(imap.answer("\1")).isEqualTo(REFUSED);
      assertThat(imap.begin("PLAIN", "\0alice\0demo")).startsWith("a OK");
    }
  }

  @Test
  void answersNonsenseAndGoesOn() throws Exception {
    String token = token("alice@a.test", "");
    try (LoginHouse house = house(Optional.empty());
        LoginClient imap = house.imap("TLSv1.3")) {
      var _ = imap.offered();
      for (String wrong :
          List.of(
              "",
              "x",
              "n,,",
              "n,,\1auth=Bearer " + token,
              "n,,\1auth=Bearer " + token + "\1",
              "n,\1auth=Bearer " + token + "\1\1",
              "p=tls-exporter,,\1auth=Bearer " + token + "\1\1",
              "n,b=x,\1auth=Bearer " + token + "\1\1",
              "n,a=x=y,\1auth=Bearer " + token + "\1\1",
              "n,,\1auth=Bearer to ken\1\1",
              "n,,\1auth=Bearer \"\1\1")) {
        assertThat(imap.begin("OAUTHBEARER", wrong)).as(wrong).startsWith("a BAD");
      }
      for (String wrong : List.of("", "user=\1auth=Bearer x\1\1", "auth=Bearer x\1\1", "user=a")) {
        assertThat(imap.begin("XOAUTH2", wrong)).as(wrong).startsWith("a BAD");
      }
      assertThat(imap.challenge(imap.begin("OAUTHBEARER", "n,,\1host=x\1auth=Basic YQ==\1\1")))
          .contains("invalid_request");
      assertThat(imap.answer("\1")).isEqualTo(REFUSED);
      assertThat(imap.begin("OAUTHBEARER", "n,,\1x=y\1auth=BEARER " + token + "\1port=1\1\1"))
          .startsWith("a OK");
    }
  }

  @Test
  void saysThatNobodyAnswers() throws Exception {
    String token = token("alice@a.test", "");
    issuer.status = 503;
    try (LoginHouse house = house(Optional.empty());
        LoginClient imap = house.imap("TLSv1.3");
        LoginClient submission = house.submission("TLSv1.3")) {
      var _ = imap.offered();
      var _ = submission.offered();
      assertThat(imap.challenge(imap.begin("OAUTHBEARER", bearer("n,,", token))))
          .contains("\"temporarily_unavailable\"");
      assertThat(imap.answer("\1")).startsWith("a NO [UNAVAILABLE]");
      var _ = submission.challenge(submission.begin("XOAUTH2", xoauth2("alice", token)));
      submission.say("");
      assertThat(submission.hear()).startsWith("454 4.7.0");
    }
  }

  @Test
  void endsASessionThatGuesses() throws Exception {
    try (LoginHouse house = house(Optional.empty());
        LoginClient imap = house.imap("TLSv1.3")) {
      var _ = imap.offered();
      for (int i = 1; i <= 5; i++) {
        var _ = imap.challenge(imap.begin("OAUTHBEARER", bearer("n,,", "guess" + i)));
        assertThat(imap.answer("\1")).startsWith(i < 5 ? REFUSED : "* BYE");
      }
    }
  }

  @Test
  void isNotOfferedWithoutAnIssuerOrWhereItIsNotChosen() throws Exception {
    try (LoginHouse house = new LoginHouse(directory.resolve("a"), Set.of());
        LoginClient imap = house.imap("TLSv1.3")) {
      assertThat(imap.offered()).isEqualTo("AUTH=PLAIN AUTH=LOGIN");
      assertThat(imap.begin("OAUTHBEARER", bearer("n,,", "x"))).startsWith("a NO [CANNOT]");
    }
    AuthConfig chosen =
        new AuthConfig(
            Optional.of(List.of(SaslMechanism.XOAUTH2)),
            Optional.empty(),
            Optional.of(oauth(Optional.empty())));
    try (LoginHouse house =
            new LoginHouse(directory.resolve("b"), chosen, LoginHouse.selfSigned(), Set.of());
        LoginClient imap = house.imap("TLSv1.3")) {
      assertThat(imap.offered()).isEqualTo("AUTH=XOAUTH2 LOGINDISABLED");
      assertThat(imap.begin("OAUTHBEARER", bearer("n,,", "x"))).startsWith("a NO [CANNOT]");
    }
  }

  private static String bearer(String header, String token) {
    return header + "\1host=mx.a.test\1port=993\1auth=Bearer " + token + "\1\1";
  }

  private static String xoauth2(String user, String token) {
    return "user=" + user + "\1auth=Bearer " + token + "\1\1";
  }

  private String token(String email, String more) throws Exception {
    long end = Instant.now().plusSeconds(600).getEpochSecond();
    return issuer.sign(
        "one",
        "{\"iss\":\"%s\",\"aud\":\"mail\",\"email\":\"%s\",\"scope\":\"mail\",\"x\":\"%s\",\"exp\":%d}"
            .formatted(ISSUER, email, more, end));
  }

  private OAuthConfig oauth(Optional<String> scope) {
    return new OAuthConfig(
        Optional.of(ISSUER),
        List.of("mail"),
        Optional.of(issuer.address("/keys")),
        Optional.empty(),
        Optional.empty(),
        "email",
        scope);
  }

  private LoginHouse house(Optional<String> scope) throws Exception {
    return new LoginHouse(
        directory,
        new AuthConfig(Optional.empty(), Optional.empty(), Optional.of(oauth(scope))),
        LoginHouse.selfSigned(),
        Set.of());
  }
}
