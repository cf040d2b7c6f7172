package dev.postrider.protocol.message;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

class HeadersTest {

  private static final String HEADER =
      "Received: a\r\nReceived: b\r\nSUBJECT : x\r\n\ty\r\nBcc: c@d\r\n";

  @Test
  void keepsOctetsAsTheyAre() throws IOException {
    Headers headers = read(HEADER + "\r\nbody");
    assertThat(encoded(headers)).isEqualTo(HEADER);
    assertThat(headers.octetsRead()).isEqualTo(HEADER.length() + 2);
    assertThat(headers.count("received")).isEqualTo(2);
    assertThat(headers.first("subject").orElseThrow().value()).isEqualTo("x\ty");
  }

  @Test
  void stripsAndAdds() throws IOException {
    Headers headers =
        read(HEADER + "\r\n")
            .without("bcc")
            .withFirst(HeaderField.of("Received", "new"))
            .withLast(HeaderField.of("Message-ID", "<1@a>"));
    assertThat(encoded(headers))
        .isEqualTo(
            "Received: new\r\n" + HEADER.replace("Bcc: c@d\r\n", "") + "Message-ID: <1@a>\r\n");
  }

  @Test
  void selectsForImap() throws IOException {
    Headers headers = read(HEADER + "\r\n");
    assertThat(encoded(headers.only(List.of("BCC", "subject"))))
        .isEqualTo("SUBJECT : x\r\n\ty\r\nBcc: c@d\r\n");
    assertThat(encoded(headers.except(List.of("received", "bcc"))))
        .isEqualTo("SUBJECT : x\r\n\ty\r\n");
  }

  @Test
  void endsAtTheFirstLineThatIsNoField() throws IOException {
    Headers headers = read("A: b\r\nno field\r\nC: d\r\n");
    assertThat(encoded(headers)).isEqualTo("A: b\r\n");
    assertThat(headers.octetsRead()).isEqualTo(6);
  }

  @Test
  void headerThatEndsWithTheStreamCanStillGrow() throws IOException {
    Headers headers = read("A: b").withLast(HeaderField.of("C", "d"));
    assertThat(encoded(headers)).isEqualTo("A: b\r\nC: d\r\n");
  }

  @Test
  void refusesMoreThanItWillHold() {
    String wide = "A: " + "x".repeat(2000) + "\r\n\r\n";
    assertThatThrownBy(() -> Headers.read(stream(wide), 1000, 10))
        .isInstanceOf(HeaderLimitException.class);
    String many = "A: b\r\n".repeat(11) + "\r\n";
    assertThatThrownBy(() -> Headers.read(stream(many), 1000, 10))
        .isInstanceOf(HeaderLimitException.class);
  }

  @Test
  void valueCannotAddAField() {
    HeaderField field = HeaderField.of("Subject", "a\r\nBcc: x@y\r\n\r\nbody");
    assertThat(new String(field.octets(), ISO_8859_1))
        .isEqualTo("Subject: a  Bcc: x@y    body\r\n");
    assertThatThrownBy(() -> HeaderField.of("A\r\nB", "c"))
        .isInstanceOf(IllegalArgumentException.class);
  }

  @Test
  void foldsLongValuesAndUnfoldsThemAgain() {
    long seed = new Random().nextLong();
    Random random = new Random(seed);
    for (int i = 0; i < 5000; i++) {
      StringBuilder value = new StringBuilder("x");
      int words = random.nextInt(40);
      for (int j = 0; j < words; j++) {
        value.append(" ".repeat(1 + random.nextInt(2))).append("y".repeat(1 + random.nextInt(100)));
      }
      HeaderField field = HeaderField.of("Subject", value.toString());
      assertThat(field.value()).as("seed %s", seed).isEqualTo(value.toString());
      for (String line : new String(field.octets(), ISO_8859_1).split("\r\n", -1)) {
        assertThat(line.length()).as("seed %s", seed).isLessThanOrEqualTo(78 + 102);
        assertThat(line.isBlank() && !line.isEmpty()).as("seed %s", seed).isFalse();
      }
    }
  }

  @Test
  void survivesRandomOctets() throws IOException {
    long seed = new Random().nextLong();
    Random random = new Random(seed);
    for (int i = 0; i < 10_000; i++) {
      StringBuilder text = new StringBuilder();
      for (int j = 0; j < random.nextInt(30); j++) {
        text.append("ab: \t\r\n\n\u00e4\0".charAt(random.nextInt(10)));
      }
      Headers headers = read(text.toString());
      String front = text.substring(0, headers.octetsRead());
      assertThat(front).as("seed %s: %s", seed, text).startsWith(encoded(headers));
    }
  }

  private static Headers read(String text) throws IOException {
    return Headers.read(stream(text));
  }

  private static ByteArrayInputStream stream(String text) {
    return new ByteArrayInputStream(text.getBytes(ISO_8859_1));
  }

  private static String encoded(Headers headers) {
    return new String(headers.encode(), ISO_8859_1);
  }
}
