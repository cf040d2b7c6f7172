package dev.postrider.protocol.text;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.ByteArrayInputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.net.SocketTimeoutException;
import java.util.Random;
import org.junit.jupiter.api.Test;

class LineReaderTest {

  @Test
  void readsLinesAndThenNull() throws IOException {
    LineReader in = reader("one\r\n\r\nthree\r\nunfinished");
    assertThat(line(in)).isEqualTo("one");
    assertThat(line(in)).isEmpty();
    assertThat(line(in)).isEqualTo("three");
    assertThat(in.readLine(100, LineEnding.STRICT)).isNull();
  }

  @Test
  void lineOfExactlyTheLimitPasses() throws IOException {
    assertThat(reader("12345\r\n").readLine(5, LineEnding.STRICT)).hasSize(5);
    assertThat(reader("12345\n").readLine(5, LineEnding.CRLF_OR_LF)).hasSize(5);
    assertThatThrownBy(() -> reader("123456\r\n").readLine(5, LineEnding.STRICT))
        .isInstanceOf(LineTooLongException.class);
    assertThatThrownBy(() -> reader("123456\n").readLine(5, LineEnding.CRLF_OR_LF))
        .isInstanceOf(LineTooLongException.class);
  }

  @Test
  void goesOnBehindALineThatIsTooLong() throws IOException {
    LineReader in = reader("x".repeat(100_000) + "\nstill it\r\nnext\r\n");
    assertThatThrownBy(() -> in.readLine(50, LineEnding.STRICT))
        .isInstanceOf(LineTooLongException.class);
    assertThat(line(in)).isEqualTo("next");
  }

  @Test
  void readsLinesLongerThanItsBuffer() throws IOException {
    String longLine = "x".repeat(3 * LineReader.BUFFER_OCTETS);
    assertThat(reader(longLine + "\r\n").readLine(longLine.length(), LineEnding.STRICT))
        .hasSize(longLine.length());
  }

  @Test
  void neverGivesOutACommandBehindABareLineFeed() throws IOException {
    LineReader in = reader("RCPT TO:<a@b>\nDATA\r\nQUIT\r\n");
    assertThatThrownBy(() -> line(in)).isInstanceOf(BareLineEndingException.class);
    assertThat(line(in)).isEqualTo("QUIT");
  }

  @Test
  void neverGivesOutACommandBehindABareCr() throws IOException {
    LineReader in = reader("NOOP\rDATA\r\nQUIT\r\n");
    assertThatThrownBy(() -> line(in)).isInstanceOf(BareLineEndingException.class);
    assertThat(line(in)).isEqualTo("QUIT");
  }

  @Test
  void answersABareLineFeedWithoutWaitingForMore() {
    LineReader in = new LineReader(new Interrupted("HELO x\n"));
    assertThatThrownBy(() -> line(in)).isInstanceOf(BareLineEndingException.class);
  }

  @Test
  void keepsWhatCameBeforeATimeout() throws IOException {
    LineReader in = new LineReader(new Interrupted("NO", "OP\r", "\nQUIT\r\n"));
    assertThatThrownBy(() -> line(in)).isInstanceOf(SocketTimeoutException.class);
    assertThat(in.buffered()).isEqualTo(2);
    assertThatThrownBy(() -> line(in)).isInstanceOf(SocketTimeoutException.class);
    assertThat(line(in)).isEqualTo("NOOP");
    assertThat(line(in)).isEqualTo("QUIT");
  }

  @Test
  void tooLongLineSurvivesATimeoutWhileItIsDiscarded() throws IOException {
    LineReader in = new LineReader(new Interrupted("xxxxxxxx", "xxx\r\nQUIT\r\n"));
    assertThatThrownBy(() -> in.readLine(4, LineEnding.STRICT))
        .isInstanceOf(SocketTimeoutException.class);
    assertThatThrownBy(() -> in.readLine(4, LineEnding.STRICT))
        .isInstanceOf(LineTooLongException.class);
    assertThat(line(in)).isEqualTo("QUIT");
  }

  @Test
  void countsWhatWasReadAhead() throws IOException {
    LineReader in = reader("STARTTLS\r\nRSET\r\nhalf");
    assertThat(line(in)).isEqualTo("STARTTLS");
    assertThat(in.lineBuffered()).isTrue();
    assertThat(in.buffered()).isEqualTo(10);
    assertThat(line(in)).isEqualTo("RSET");
    assertThat(in.lineBuffered()).isFalse();
    assertThat(in.buffered()).isEqualTo(4);
  }

  @Test
  void readsCountedOctetsFromTheSameBuffer() throws IOException {
    LineReader in = reader("a {5}\r\n1\n3\r5 more\r\n" + "y".repeat(20_000) + "end\r\n");
    assertThat(line(in)).isEqualTo("a {5}");
    byte[] literal = new byte[5];
    in.readFully(literal, 0, 5);
    assertThat(literal).isEqualTo("1\n3\r5".getBytes(ISO_8859_1));
    assertThat(line(in)).isEqualTo(" more");
    in.skip(20_000);
    assertThat(line(in)).isEqualTo("end");
    assertThatThrownBy(() -> in.readFully(literal, 0, 1)).isInstanceOf(EOFException.class);
    assertThatThrownBy(() -> in.skip(1)).isInstanceOf(EOFException.class);
  }

  @Test
  void releasedBufferComesBackWithTheNextOctet() throws IOException {
    LineReader in = new LineReader(new Interrupted("NOOP\r\n", "QUIT\r\n"));
    in.releaseBuffer();
    assertThat(line(in)).isEqualTo("NOOP");
    in.releaseBuffer();
    assertThatThrownBy(() -> line(in)).isInstanceOf(SocketTimeoutException.class);
    assertThat(line(in)).isEqualTo("QUIT");
  }

  @Test
  void releaseKeepsABufferThatIsNotEmpty() throws IOException {
    LineReader in = reader("a\r\nb\r\n");
    assertThat(line(in)).isEqualTo("a");
    in.releaseBuffer();
    assertThat(line(in)).isEqualTo("b");
  }

  @Test
  void seesTheSameLinesHoweverTheyArrive() {
    long seed = new Random().nextLong();
    Random random = new Random(seed);
    for (int i = 0; i < 5000; i++) {
      StringBuilder text = new StringBuilder();
      int length = random.nextInt(40);
      for (int j = 0; j < length; j++) {
        text.append("\r\nab".charAt(random.nextInt(4)));
      }
      LineEnding ending = random.nextBoolean() ? LineEnding.STRICT : LineEnding.CRLF_OR_LF;
      String whole = transcript(reader(text.toString()), ending);
      String[] packets =
          text.toString().split("(?<=\\G.{" + (1 + random.nextInt(4)) + "})(?s)", -1);
      assertThat(transcript(new LineReader(new Interrupted(packets)), ending))
          .as("seed %s: %s", seed, text)
          .isEqualTo(whole);
    }
  }

  private static String transcript(LineReader in, LineEnding ending) {
    StringBuilder out = new StringBuilder();
    while (true) {
      try {
        byte[] line = in.readLine(6, ending);
        if (line == null) {
          return out.toString();
        }
        out.append('[').append(new String(line, ISO_8859_1)).append(']');
      } catch (LineException bad) {
        out.append('(').append(bad.getMessage()).append(')');
      } catch (SocketTimeoutException later) {
        // The peer was slow; the call is repeated.
      } catch (IOException other) {
        throw new AssertionError(other);
      }
    }
  }

  private static LineReader reader(String text) {
    return new LineReader(new ByteArrayInputStream(text.getBytes(ISO_8859_1)));
  }

  private static String line(LineReader in) throws IOException {
    byte[] line = in.readLine(100, LineEnding.STRICT);
    assertThat(line).isNotNull();
    return new String(line == null ? new byte[0] : line, ISO_8859_1);
  }

  /** Gives packet after packet, and times out once between two. */
  private static final class Interrupted extends InputStream {

    private final String[] packets;
    private int next;
    private int at;

    Interrupted(String... packets) {
      this.packets = packets;
    }

    @Override
    public int read() throws IOException {
      byte[] one = new byte[1];
      return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
    }

    @Override
    public int read(byte[] into, int offset, int length) throws IOException {
      if (next == packets.length) {
        return -1;
      }
      String packet = packets[next];
      if (at == packet.length()) {
        next++;
        at = 0;
        if (next == packets.length) {
          return -1;
        }
        throw new SocketTimeoutException("packet " + next + " is late");
      }
      int count = Math.min(length, packet.length() - at);
      byte[] octets = packet.substring(at, at + count).getBytes(ISO_8859_1);
      System.arraycopy(octets, 0, into, offset, count);
      at += count;
      return count;
    }
  }
}
