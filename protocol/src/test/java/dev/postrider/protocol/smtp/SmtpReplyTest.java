package dev.postrider.protocol.smtp;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.postrider.protocol.text.LineReader;
import java.io.ByteArrayInputStream;
import java.io.EOFException;
import java.io.IOException;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class SmtpReplyTest {

  @Test
  void writesEveryLineWithCodeAndStatus() {
    assertThat(wire(SmtpReply.of(550, "5.1.1", "no such", "mailbox")))
        .isEqualTo("550-5.1.1 no such\r\n550 5.1.1 mailbox\r\n");
    assertThat(wire(SmtpReply.plain(354, "go on"))).isEqualTo("354 go on\r\n");
  }

  @Test
  void textOfAPeerCannotAddALine() {
    assertThat(wire(SmtpReply.of(550, "5.1.1", "a\r\n250 ok\u0085")))
        .isEqualTo("550 5.1.1 a??250 ok?\r\n");
  }

  @Test
  void breaksLongTextIntoLines() {
    String wire = wire(SmtpReply.of(550, "5.1.1", "ü".repeat(600)));
    for (String line : wire.split("\r\n", -1)) {
      assertThat(line.getBytes(UTF_8).length).isLessThanOrEqualTo(SmtpReply.LINE_OCTETS_MAX - 2);
    }
    assertThat(wire.chars().filter(c -> c == 'ü').count()).isEqualTo(600);
  }

  @Test
  void readsWhatItWrites() throws IOException {
    SmtpReply reply = SmtpReply.of(450, "4.2.1", "busy", "later");
    assertThat(read(wire(reply))).isEqualTo(reply);
    assertThat(read("250\r\n")).isEqualTo(SmtpReply.plain(250, ""));
    assertThat(read("250 5.1.1 odd\r\n").status()).isEmpty();
    assertThat(read("220 mx.test ready\n").text()).isEqualTo("mx.test ready");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "hello\r\n",
        "25\r\n",
        "199 x\r\n",
        "600 x\r\n",
        "250x\r\n",
        "250-a\r\n251 b\r\n"
      })
  void refusesWhatIsNoReply(String wire) {
    assertThatThrownBy(() -> read(wire))
        .isInstanceOfAny(SmtpReplyException.class, EOFException.class);
  }

  @Test
  void refusesAReplyWithoutEnd() {
    assertThatThrownBy(() -> read("250-x\r\n".repeat(100_000)))
        .isInstanceOf(SmtpReplyException.class);
    assertThatThrownBy(() -> read("250 " + "x".repeat(100_000) + "\r\n"))
        .isInstanceOf(SmtpReplyException.class);
    assertThatThrownBy(() -> read(("250-" + "x".repeat(10_000) + "\r\n").repeat(100)))
        .isInstanceOf(SmtpReplyException.class);
  }

  @Test
  void readsCapabilities() throws IOException {
    EhloCapabilities offered =
        EhloCapabilities.parse(
            read(
                """
                250-mx.test greets you
                250-SIZE 1000
                250-pipelining
                250-AUTH PLAIN login
                250-AUTH=LOGIN CRAM-MD5
                250-STARTTLS
                250-8BITMIME
                250-
                250 SMTPUTF8
                """));
    assertThat(offered.sizeMax()).hasValue(1000);
    assertThat(offered.pipelining()).isTrue();
    assertThat(offered.startTls()).isTrue();
    assertThat(offered.eightBitMime()).isTrue();
    assertThat(offered.smtpUtf8()).isTrue();
    assertThat(offered.chunking()).isFalse();
    assertThat(offered.authMechanisms()).containsExactly("PLAIN", "LOGIN", "CRAM-MD5");
    assertThat(EhloCapabilities.parse(SmtpReply.plain(250, "a", "SIZE 0")).sizeMax()).isEmpty();
    assertThat(
            EhloCapabilities.parse(SmtpReply.plain(250, "a", "SIZE " + "9".repeat(30))).sizeMax())
        .isEmpty();
  }

  @Test
  void survivesRandomReplies() {
    long seed = new Random().nextLong();
    Random random = new Random(seed);
    for (int i = 0; i < 10_000; i++) {
      StringBuilder wire = new StringBuilder();
      int length = random.nextInt(30);
      for (int j = 0; j < length; j++) {
        wire.append("250-. \r\nA=\0\u00ff".charAt(random.nextInt(12)));
      }
      try {
        assertThat(EhloCapabilities.parse(read(wire.toString()))).as("seed %s", seed).isNotNull();
      } catch (IOException refused) {
        assertThat(refused)
            .as("seed %s: %s", seed, wire)
            .isInstanceOfAny(SmtpReplyException.class, EOFException.class);
      }
    }
  }

  private static String wire(SmtpReply reply) {
    return new String(reply.encode(), UTF_8);
  }

  private static SmtpReply read(String wire) throws IOException {
    return SmtpReplyReader.read(
        new LineReader(new ByteArrayInputStream(wire.getBytes(ISO_8859_1))));
  }
}
