package dev.postrider.server.net;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Random;
import java.util.zip.Deflater;
import java.util.zip.Inflater;
import java.util.zip.InflaterInputStream;
import java.util.zip.ZipException;
import org.junit.jupiter.api.Test;

/** The other side is always a client of java.util.zip with one stream from beginning to end. */
class CompressionTest {

  private static final long BOMB_OCTETS = 1L << 30;

  private final Deflaters deflaters = new Deflaters();
  private final ByteArrayOutputStream wire = new ByteArrayOutputStream();

  @Test
  void whatIsFlushedCanBeReadAndWhatIsNotWrittenCostsNothing() throws Exception {
    Inflater client = new Inflater(true);
    try (Compression compression = compression(new byte[0])) {
      OutputStream out = compression.out();
      for (int i = 0; i < 200; i++) {
        String said = "* " + i + " FETCH (FLAGS (\\Seen) UID " + i * 7 + ")\r\n";
        out.write(ascii(said));
        out.write('x');
        out.flush();
        assertThat(deflaters.lent()).isZero();
        int sent = wire.size();
        out.flush();
        assertThat(wire.size()).isEqualTo(sent);
        assertThat(inflated(client)).isEqualTo(said + "x");
      }
      Compression.Octets octets = compression.octets();
      // A deflater that remembers nothing makes more of each than it was.
      assertThat(octets.sent()).isLessThan(octets.sentPlain() * 6 / 10);
    }
    client.end();
  }

  @Test
  void writesOfEverySizeArriveAsTheyWere() throws Exception {
    Random random = new Random(7);
    ByteArrayOutputStream all = new ByteArrayOutputStream();
    try (Compression compression = compression(new byte[0])) {
      for (int i = 0; i < 300; i++) {
        byte[] some = new byte[random.nextInt(random.nextInt(8) == 0 ? 70_000 : 300)];
        random.nextBytes(some);
        if (random.nextBoolean()) {
          Arrays.fill(some, some.length / 2, some.length, (byte) 'a');
        }
        all.write(some);
        compression.out().write(some);
        if (random.nextInt(3) == 0) {
          compression.out().flush();
        }
      }
      compression.endOutput();
    }
    InputStream client =
        new InflaterInputStream(
            new ByteArrayInputStream(wire.toByteArray()), new Inflater(true), 333);
    assertThat(client.readAllBytes()).isEqualTo(all.toByteArray());
    assertThat(deflaters.lent()).isZero();
  }

  @Test
  void afterTheFlushAndAfterTheEndWhatFollowsIsPlain() throws Exception {
    for (int last : new int[] {Deflater.SYNC_FLUSH, Deflater.FULL_FLUSH, -1}) {
      byte[] sent = concat(deflated(ascii("a UNAUTHENTICATE\r\n"), last), ascii("b LOGIN"));
      // However the octets fall into reads.
      for (int piece = 1; piece <= sent.length; piece++) {
        InputStream pieces = inPieces(sent, piece);
        try (Compression compression = new Compression(pieces, wire, deflaters)) {
          byte[] line = new byte[100];
          int count = 0;
          while (count < 18) {
            count += compression.in().read(line, count, line.length - count);
          }
          byte[] rest = compression.endInput();
          assertThat(count).isEqualTo(18);
          assertThat(concat(rest, pieces.readAllBytes())).isEqualTo(ascii("b LOGIN"));
        }
      }
    }
  }

  @Test
  void saysWhenMoreIsCompressedThanWasRead() throws Exception {
    try (Compression compression = compression(deflated(ascii("ab"), Deflater.SYNC_FLUSH))) {
      assertThat(compression.in().read()).isEqualTo('a');
      assertThatThrownBy(compression::endInput).isInstanceOf(ZipException.class);
    }
    byte[] cut = deflated(ascii("ab"), Deflater.SYNC_FLUSH);
    try (Compression compression = compression(Arrays.copyOf(cut, cut.length - 1))) {
      assertThat(compression.in().readNBytes(2)).isEqualTo(ascii("ab"));
      assertThatThrownBy(compression::endInput).isInstanceOf(EOFException.class);
    }
  }

  @Test
  void flippedAndMissingBitsEndInAnExceptionOrTheEnd() throws Exception {
    Random random = new Random(3);
    byte[] whole = deflated(ascii("a FETCH 1:* (FLAGS)\r\n".repeat(50)), Deflater.SYNC_FLUSH);
    int broken = 0;
    for (int i = 0; i < 5000; i++) {
      byte[] sent = Arrays.copyOf(whole, 1 + random.nextInt(whole.length));
      sent[random.nextInt(sent.length)] ^= (byte) (1 << random.nextInt(8));
      try (Compression compression = compression(sent)) {
        compression.in().transferTo(OutputStream.nullOutputStream());
      } catch (ZipException e) {
        broken++;
      }
    }
    assertThat(broken).isPositive();
  }

  /** A gigabyte of zeros in a megabyte: no more of it comes into being than is asked for. */
  @Test
  void bombGrowsOnlyAsItIsRead() throws Exception {
    CountingBomb bomb = new CountingBomb();
    try (Compression compression = new Compression(bomb, wire, deflaters)) {
      byte[] some = new byte[8192];
      assertThat(compression.in().readNBytes(some, 0, some.length)).isEqualTo(some.length);
      assertThat(bomb.taken).isLessThanOrEqualTo(2048);
      long read = some.length;
      for (int count = compression.in().read(some);
          count > 0;
          count = compression.in().read(some)) {
        read += count;
      }
      assertThat(read).isGreaterThanOrEqualTo(BOMB_OCTETS);
    }
  }

  @Test
  void brokenConnectionKeepsNoDeflater() throws Exception {
    OutputStream broken =
        new OutputStream() {
          @Override
          public void write(int octet) throws IOException {
            throw new IOException("gone");
          }
        };
    Compression compression = new Compression(InputStream.nullInputStream(), broken, deflaters);
    compression.out().write('x');
    assertThatThrownBy(compression.out()::flush).hasMessage("gone");
    assertThat(deflaters.lent()).isOne();
    compression.close();
    compression.close();
    assertThat(deflaters.lent()).isZero();
    assertThatThrownBy(() -> compression.out().write('x')).isInstanceOf(IOException.class);
    assertThatThrownBy(compression.out()::flush).isInstanceOf(IOException.class);
  }

  private Compression compression(byte[] received) {
    return new Compression(new ByteArrayInputStream(received), wire, deflaters);
  }

  private String inflated(Inflater client) throws Exception {
    client.setInput(wire.toByteArray());
    wire.reset();
    byte[] some = new byte[1000];
    return new String(some, 0, client.inflate(some), StandardCharsets.US_ASCII);
  }

  /** With the end of the stream when {@code flush} is negative. */
  private static byte[] deflated(byte[] octets, int flush) {
    try (Deflater client = new Deflater(6, true)) {
      client.setInput(octets);
      if (flush < 0) {
        client.finish();
      }
      byte[] to = new byte[1000];
      int count = client.deflate(to, 0, to.length, Math.max(flush, Deflater.NO_FLUSH));
      return Arrays.copyOf(to, count);
    }
  }

  private static byte[] ascii(String text) {
    return text.getBytes(StandardCharsets.US_ASCII);
  }

  private static byte[] concat(byte[] first, byte[] second) {
    byte[] both = Arrays.copyOf(first, first.length + second.length);
    System.arraycopy(second, 0, both, first.length, second.length);
    return both;
  }

  private static InputStream inPieces(byte[] octets, int piece) {
    return new ByteArrayInputStream(octets) {
      @Override
      public synchronized int read(byte[] into, int offset, int length) {
        return super.read(into, offset, Math.min(piece, length));
      }
    };
  }

  /** Zeros, deflated as they are wanted. */
  private static final class CountingBomb extends InputStream {
    private final Deflater deflater = new Deflater(9, true);
    private final byte[] zeros = new byte[1 << 20];
    private long left = BOMB_OCTETS;
    private long taken;

    @Override
    public int read() {
      throw new UnsupportedOperationException();
    }

    @Override
    public int read(byte[] into, int offset, int length) {
      int count = deflater.deflate(into, offset, length);
      while (count == 0 && left > 0) {
        deflater.setInput(zeros);
        left -= zeros.length;
        count = deflater.deflate(into, offset, length);
      }
      if (count == 0) {
        deflater.finish();
        count = deflater.deflate(into, offset, length);
      }
      taken += count;
      return count == 0 ? -1 : count;
    }
  }
}
