package dev.postrider.protocol.smtp;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.postrider.protocol.text.LineEnding;
import dev.postrider.protocol.text.LineReader;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.util.Optional;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class DotReaderTest {

  private static final String NEXT = "QUIT\r\n";

  @Test
  void endsAtDotOnALineOfItsOwn() throws IOException {
    assertThat(read("a\r\nb\r\n.\r\n")).isEqualTo(new Outcome("a\r\nb\r\n", Optional.empty()));
  }

  @Test
  void emptyMessageEndsAtOnce() throws IOException {
    assertThat(read(".\r\n")).isEqualTo(new Outcome("", Optional.empty()));
  }

  // RFC 5321 section 4.5.2
  @Test
  void removesOneDotFromTheStartOfALine() throws IOException {
    assertThat(read("..\r\n...a\r\n.b\r\nc.\r\n..\r\n.\r\n").text())
        .isEqualTo(".\r\n..a\r\nb\r\nc.\r\n.\r\n");
  }

  @Test
  void passesNulAndHighOctets() throws IOException {
    assertThat(read("\0\u00ff\u0080\r\n.\r\n").text()).isEqualTo("\0\u00ff\u0080\r\n");
  }

  @Test
  void refusesLfDotLf() throws IOException {
    assertSmuggled("a\n.\nMAIL FROM:<x@y>\r\n.\r\n", TextViolation.BARE_LF);
  }

  @Test
  void refusesCrDotCr() throws IOException {
    assertSmuggled("a\r.\rMAIL FROM:<x@y>\r\n.\r\n", TextViolation.BARE_CR);
  }

  @Test
  void refusesLfDotCrLf() throws IOException {
    assertSmuggled("a\n.\r\nMAIL FROM:<x@y>\r\n.\r\n", TextViolation.BARE_LF);
  }

  @Test
  void refusesCrLfDotLf() throws IOException {
    assertSmuggled("a\r\n.\nMAIL FROM:<x@y>\r\n.\r\n", TextViolation.BARE_LF);
  }

  @Test
  void refusesCrLfDotCr() throws IOException {
    assertSmuggled("a\r\n.\rMAIL FROM:<x@y>\r\n.\r\n", TextViolation.BARE_CR);
  }

  @Test
  void refusesCrDotCrLf() throws IOException {
    assertSmuggled("a\r.\r\nMAIL FROM:<x@y>\r\n.\r\n", TextViolation.BARE_CR);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"\n.\n", "\r.\r", "\r\n.\r\r\n", "\r\n.\0\r\n\n", "\n\r.\n\r", ".\r.\r\n\n"})
  void refusesOddEnds(String attack) throws IOException {
    Outcome outcome = read("a" + attack + "MAIL FROM:<x@y>\r\n.\r\n");
    assertThat(outcome.violation()).isPresent();
    assertThat(outcome.text()).doesNotContain("MAIL");
  }

  @Test
  void findsTheRealEndBehindDoubledCr() throws IOException {
    // The second CR makes a CRLF, so this is where every reader of CRLF.CRLF sees the end.
    assertThat(read("a\r\r\n.\r\n").violation()).contains(TextViolation.BARE_CR);
  }

  @Test
  void refusesLineBeyondTheLimit() throws IOException {
    String line = "x".repeat(LineEndingCheck.LINE_OCTETS_MAX);
    assertThat(read(line + "\r\n.\r\n").violation()).isEmpty();
    assertThat(read(line + "x\r\n.\r\n").violation()).contains(TextViolation.LINE_TOO_LONG);
  }

  @Test
  void connectionThatEndsInsideAMessageIsNotAMessage() {
    assertThatThrownBy(() -> new DotReader(reader("a\r\n.\r", 3)).drain())
        .isInstanceOf(EOFException.class);
  }

  @Test
  void drainLeavesTheNextCommand() throws IOException {
    LineReader in = reader("a\r\n..\r\n.\r\n" + NEXT, 5);
    DotReader message = new DotReader(in);
    assertThat(message.read()).isEqualTo('a');
    message.drain();
    assertThat(in.readLine(100, LineEnding.STRICT)).isEqualTo("QUIT".getBytes(ISO_8859_1));
  }

  @Test
  void agreesWithTheDefinitionOnRandomOctets() throws IOException {
    long seed = new Random().nextLong();
    Random random = new Random(seed);
    for (int i = 0; i < 5000; i++) {
      StringBuilder body = new StringBuilder();
      int length = random.nextInt(40);
      for (int j = 0; j < length; j++) {
        body.append("\r\n.a".charAt(random.nextInt(4)));
      }
      String wire = "\r\n" + body + "\r\n.\r\n";
      int end = wire.indexOf("\r\n.\r\n");
      String raw = wire.substring(2, Math.max(2, end + 2));
      boolean clean = raw.replace("\r\n", "").matches("[^\r\n]*");
      Outcome outcome = readAt(wire.substring(2), end + 3, 1 + random.nextInt(7));
      assertThat(outcome.violation().isEmpty()).as("seed %s: %s", seed, wire).isEqualTo(clean);
      if (clean) {
        String expected = ("\r\n" + raw).replace("\r\n.", "\r\n").substring(2);
        assertThat(outcome.text()).as("seed %s: %s", seed, wire).isEqualTo(expected);
      }
    }
  }

  @Test
  void readsBackWhatDotWriterWrites() throws IOException {
    long seed = new Random().nextLong();
    Random random = new Random(seed);
    for (int i = 0; i < 3000; i++) {
      StringBuilder message = new StringBuilder();
      int lines = random.nextInt(8);
      for (int j = 0; j < lines; j++) {
        message.append(".".repeat(random.nextInt(3))).append("x".repeat(random.nextInt(3)));
        message.append("\r\n");
      }
      ByteArrayOutputStream wire = new ByteArrayOutputStream();
      DotWriter writer = new DotWriter(wire);
      byte[] octets = message.toString().getBytes(ISO_8859_1);
      for (int at = 0; at < octets.length; ) {
        int count = Math.min(octets.length - at, 1 + random.nextInt(4));
        writer.write(octets, at, count);
        at += count;
      }
      writer.finish();
      assertThat(writer.normalized()).isZero();
      assertThat(read(wire.toString(ISO_8859_1)))
          .as("seed %s", seed)
          .isEqualTo(new Outcome(message.toString(), Optional.empty()));
    }
  }

  private record Outcome(String text, Optional<TextViolation> violation) {}

  private static void assertSmuggled(String wire, TextViolation violation) throws IOException {
    Outcome outcome = read(wire);
    assertThat(outcome.violation()).contains(violation);
    assertThat(outcome.text()).doesNotContain("MAIL");
  }

  /** Reads with every size of packet; all must give the same, and leave the next command alone. */
  private static Outcome read(String wire) throws IOException {
    Outcome whole = readAt(wire, wire.length(), 1 << 16);
    for (int packet = 1; packet < 6 && wire.length() < 1000; packet++) {
      assertThat(readAt(wire, wire.length(), packet).violation()).isEqualTo(whole.violation());
    }
    return whole;
  }

  /** Reads a message that ends at {@code end} octets. */
  private static Outcome readAt(String wire, int end, int packet) throws IOException {
    LineReader in = reader(wire + NEXT, packet);
    DotReader message = new DotReader(in);
    String text = new String(message.readAllBytes(), ISO_8859_1);
    assertThat(message.read()).isEqualTo(-1);
    byte[] rest = new byte[wire.length() - end + NEXT.length()];
    in.readFully(rest, 0, rest.length);
    assertThat(new String(rest, ISO_8859_1)).isEqualTo(wire.substring(end) + NEXT);
    assertThat(in.peek()).isEqualTo(-1);
    return new Outcome(text, message.violation());
  }

  private static LineReader reader(String text, int packet) {
    InputStream octets = new ByteArrayInputStream(text.getBytes(ISO_8859_1));
    return new LineReader(
        new InputStream() {
          @Override
          public int read() throws IOException {
            return octets.read();
          }

          @Override
          public int read(byte[] into, int offset, int length) throws IOException {
            return octets.read(into, offset, Math.min(length, packet));
          }
        });
  }
}
