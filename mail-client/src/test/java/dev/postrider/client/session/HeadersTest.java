package dev.postrider.client.session;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.time.Instant;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

class HeadersTest {
  @BeforeAll
  static void lenient() {
    LenientParsing.install();
  }

  private static Headers of(String text) {
    return Headers.parse(text.getBytes(UTF_8));
  }

  @Test
  void unfoldsAndDecodes() {
    Headers headers =
        of("Subject: =?utf-8?Q?Gr=C3=B6?=\r\n =?utf-8?Q?=C3=9Fe?=\r\nX: y\r\n\r\nbody: no");
    assertThat(headers.decoded("subject")).isEqualTo("Größe");
    assertThat(headers.all()).hasSize(2);
  }

  @Test
  void joinsACharacterCutInTwo() {
    assertThat(of("Subject: =?utf-8?Q?Gr=C3?= =?utf-8?Q?=B6=C3=9Fe?=\n").decoded("Subject"))
        .isEqualTo("Größe");
  }

  @Test
  void takesRawUtf8AndRawWindows1252() {
    assertThat(of("Subject: Größe\r\n").decoded("Subject")).isEqualTo("Größe");
    byte[] latin = "Subject: Gr\u00F6\u00DFe\r\n".getBytes(ISO_8859_1);
    assertThat(Headers.parse(latin).decoded("Subject")).isEqualTo("Größe");
  }

  @Test
  void leavesUndecodableWordsAlone() {
    assertThat(of("Subject: =?no-such?Q?x?= y\n").decoded("Subject")).contains("y");
    assertThat(of("Subject: =?utf-8?B?####?=\n").decoded("Subject")).isNotNull();
  }

  @Test
  void readsPeople() {
    Headers headers =
        of("To: =?utf-8?Q?M=C3=BCller=2C_J?= <j@x.test>, \"a, b\" <c@x.test>, plain@x.test\n");
    assertThat(headers.people("To"))
        .containsExactly(
            new Person("Müller, J", "j@x.test"),
            new Person("a, b", "c@x.test"),
            new Person("", "plain@x.test"));
  }

  @Test
  void survivesOddAddresses() {
    assertThat(of("From: <<>>,, \"unclosed <a@b\n").people("From")).isNotNull();
    assertThat(of("From: undisclosed recipients:;\n").people("From")).isNotNull();
    assertThat(of("garbage without colon\n: empty\n").all()).isEmpty();
  }

  @Test
  void readsDates() {
    assertThat(of("Date: Sun, 1 Mar 2026 12:00:00 +0100 (CET)\n").date())
        .contains(Instant.parse("2026-03-01T11:00:00Z"));
    assertThat(of("Date: yesterday\n").date()).isEmpty();
  }
}
