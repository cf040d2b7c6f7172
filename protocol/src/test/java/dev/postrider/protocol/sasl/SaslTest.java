package dev.postrider.protocol.sasl;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.postrider.protocol.sasl.SaslStep.Challenge;
import dev.postrider.protocol.sasl.SaslStep.Credentials;
import dev.postrider.protocol.sasl.SaslStep.Reason;
import dev.postrider.protocol.sasl.SaslStep.Rejected;
import java.util.Base64;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class SaslTest {

  private static final Credentials JOE = new Credentials(Optional.empty(), "joe", "pä ss");

  @ParameterizedTest
  @ValueSource(strings = {"PLAIN", "LOGIN"})
  void bothHalvesAgree(String mechanism) {
    for (boolean initial : new boolean[] {true, false}) {
      SaslClient client = SaslClient.choose(List.of(mechanism), "joe", "pä ss").orElseThrow();
      SaslStep step =
          server(mechanism).begin(initial ? client.initialResponse() : Optional.empty());
      if (step instanceof Challenge) {
        SaslServer server = server(mechanism);
        step = server.begin(Optional.empty());
        client = SaslClient.choose(List.of(mechanism), "joe", "pä ss").orElseThrow();
        while (step instanceof Challenge) {
          step = server.next(client.next().orElseThrow());
        }
      }
      assertThat(step).isEqualTo(JOE);
      assertThat(client.next()).isEmpty();
    }
  }

  // RFC 4616 section 4
  @Test
  void plainMayNameAnotherIdentity() {
    assertThat(server("PLAIN").next(base64("Ursel\0Kurt\0xipj3plmq")))
        .isEqualTo(new Credentials(Optional.of("Ursel"), "Kurt", "xipj3plmq"));
    assertThat(server("plain").next(base64("joe\0joe\0pä ss"))).isEqualTo(JOE);
  }

  @Test
  void loginAsksTheWayOutlookExpects() {
    SaslServer server = server("LOGIN");
    assertThat(server.begin(Optional.empty())).isEqualTo(new Challenge(base64("Username:")));
    assertThat(server.next(base64("joe"))).isEqualTo(new Challenge(base64("Password:")));
    assertThat(server.next(base64("pä ss"))).isEqualTo(JOE);
  }

  @Test
  void loginTakesTheNameAsInitialResponse() {
    assertThat(server("LOGIN").begin(Optional.of(base64("joe"))))
        .isEqualTo(new Challenge(base64("Password:")));
  }

  @Test
  void starCancels() {
    assertThat(server("PLAIN").next("*")).isEqualTo(new Rejected(Reason.CANCELLED));
    assertThat(server("LOGIN").next("*")).isEqualTo(new Rejected(Reason.CANCELLED));
  }

  @Test
  void refusesRubbish() {
    assertThat(server("PLAIN").next("=x")).isEqualTo(new Rejected(Reason.NOT_BASE64));
    assertThat(server("PLAIN").begin(Optional.of("="))).isEqualTo(new Rejected(Reason.MALFORMED));
    assertThat(server("PLAIN").next(base64("\0joe\0"))).isEqualTo(new Rejected(Reason.MALFORMED));
    assertThat(server("PLAIN").next(base64("\0\0pw"))).isEqualTo(new Rejected(Reason.MALFORMED));
    assertThat(server("PLAIN").next(base64("\0a\0b\0c"))).isEqualTo(new Rejected(Reason.MALFORMED));
    assertThat(server("PLAIN").next("AP8A/w==")).isEqualTo(new Rejected(Reason.MALFORMED));
    assertThat(server("LOGIN").next("")).isEqualTo(new Rejected(Reason.MALFORMED));
    assertThat(server("PLAIN").next("A".repeat(SaslServer.RESPONSE_CHARS_MAX + 4)))
        .isEqualTo(new Rejected(Reason.TOO_LONG));
    assertThat(SaslMechanism.called("CRAM-MD5")).isEmpty();
  }

  @Test
  void passwordsAreNotShown() {
    assertThat(JOE.toString()).doesNotContain("ss]").doesNotContain("pä");
  }

  @Test
  void survivesRandomLines() {
    long seed = new Random().nextLong();
    Random random = new Random(seed);
    for (int i = 0; i < 10_000; i++) {
      byte[] octets = new byte[random.nextInt(12)];
      random.nextBytes(octets);
      String line = Base64.getEncoder().encodeToString(octets);
      String cut = line.substring(0, random.nextInt(line.length() + 1));
      for (SaslMechanism mechanism : SaslMechanism.values()) {
        assertThat(server(mechanism.word()).next(cut)).as("seed %s", seed).isNotNull();
      }
    }
  }

  private static SaslServer server(String mechanism) {
    SaslServer.Offer offer = new SaslServer.Offer(List.of(), _ -> Optional.empty(), "nonce");
    return SaslServer.of(SaslMechanism.called(mechanism).orElseThrow(), offer);
  }

  private static String base64(String text) {
    return Base64.getEncoder().encodeToString(text.getBytes(UTF_8));
  }
}
