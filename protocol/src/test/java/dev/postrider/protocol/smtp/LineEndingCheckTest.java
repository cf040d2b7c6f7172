package dev.postrider.protocol.smtp;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.assertj.core.api.Assertions.assertThat;

import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class LineEndingCheckTest {

  @ParameterizedTest
  @ValueSource(ints = {1, 2, 3, 100})
  void findsBareOctetsHoweverTheMessageIsTorn(int octetsAtATime) {
    assertThat(check("a\r\n\r\nb", octetsAtATime)).isEmpty();
    assertThat(check("", octetsAtATime)).isEmpty();
    assertThat(check("a\nb", octetsAtATime)).contains(TextViolation.BARE_LF);
    assertThat(check("\n", octetsAtATime)).contains(TextViolation.BARE_LF);
    assertThat(check("a\rb", octetsAtATime)).contains(TextViolation.BARE_CR);
    assertThat(check("a\r\r\n", octetsAtATime)).contains(TextViolation.BARE_CR);
    assertThat(check("a\r", octetsAtATime)).contains(TextViolation.BARE_CR);
  }

  @Test
  void findsLongLines() {
    String line = "x".repeat(LineEndingCheck.LINE_OCTETS_MAX);
    assertThat(check(line + "\r\n" + line, 1000)).isEmpty();
    assertThat(check(line + "x", 1000)).contains(TextViolation.LINE_TOO_LONG);
  }

  private static Optional<TextViolation> check(String text, int octetsAtATime) {
    LineEndingCheck check = new LineEndingCheck();
    byte[] octets = text.getBytes(ISO_8859_1);
    for (int at = 0; at < octets.length; at += octetsAtATime) {
      check.update(octets, at, Math.min(octetsAtATime, octets.length - at));
    }
    return check.end();
  }
}
