package dev.postrider.storage.messages;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.postrider.storage.changes.BodyLocation;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.zip.CRC32C;
import org.junit.jupiter.api.Test;

class ReadAheadTest {

  private static final int BODY_OCTETS = 1000;

  /** As many bodies behind one another, with records of others between. */
  private final byte[] segment = new byte[400 * BODY_OCTETS];

  private final List<String> reads = new ArrayList<>();
  private final Bodies bodies = new Bodies(this::lease);
  private final ReadAhead ahead = new ReadAhead();

  ReadAheadTest() {
    for (int i = 0; i < segment.length; i++) {
      segment[i] = (byte) (i * 31 + i / BODY_OCTETS);
    }
  }

  private Optional<BodyOctets.Lease> lease(BodyId body, BodyLocation location) {
    return Optional.of(
        new BodyOctets.Lease() {
          @Override
          public void read(long offset, ByteBuffer bytes) {
            reads.add("read " + offset + " " + bytes.remaining());
            bytes.put(segment, (int) offset, bytes.remaining());
          }

          @Override
          public void readAhead(long offset, ByteBuffer bytes) {
            int count = Math.min(bytes.remaining(), segment.length - (int) offset);
            reads.add("ahead " + offset + " " + count);
            bytes.put(segment, (int) offset, count);
          }

          @Override
          public void close() {}
        });
  }

  private BodyLocation location(int number) {
    CRC32C crc = new CRC32C();
    crc.update(segment, number * BODY_OCTETS, BODY_OCTETS);
    return new BodyLocation(
        1, (long) number * BODY_OCTETS, BODY_OCTETS, (int) crc.getValue(), BODY_OCTETS);
  }

  private byte[] read(int number) throws Exception {
    return bodies
        .at(new BodyId(number + 1), () -> location(number), Bodies.READING, ahead)
        .open()
        .readAllBytes();
  }

  private byte[] expected(int number) {
    return Arrays.copyOfRange(segment, number * BODY_OCTETS, (number + 1) * BODY_OCTETS);
  }

  @Test
  void readsWhatLiesBehindOneAnotherInOneGo() throws Exception {
    for (int number : new int[] {3, 5, 6, 20, 69, 72}) {
      assertThat(read(number)).as("body %d", number).isEqualTo(expected(number));
    }
    assertThat(reads).containsExactly("read 3000 1000", "ahead 5000 65536", "ahead 72000 65536");
  }

  @Test
  void readsNothingElseWhereBodiesAreFarFromOneAnother() throws Exception {
    for (int number : new int[] {300, 200, 250, 10, 9}) {
      assertThat(read(number)).isEqualTo(expected(number));
    }
    assertThat(reads).hasSize(5).allMatch(read -> read.endsWith(" 1000"));
  }

  @Test
  void endsWithTheSegment() throws Exception {
    for (int number : new int[] {397, 398, 399}) {
      assertThat(read(number)).isEqualTo(expected(number));
    }
    assertThat(reads).containsExactly("read 397000 1000", "ahead 398000 2000");
  }

  /** As when the segment was still being written to. */
  @Test
  void readsAgainWhatWasNotThereYet() throws Exception {
    byte[] later = expected(7);
    Arrays.fill(segment, 7 * BODY_OCTETS, 8 * BODY_OCTETS, (byte) 0);
    assertThat(read(5)).isEqualTo(expected(5));
    assertThat(read(6)).isEqualTo(expected(6));
    System.arraycopy(later, 0, segment, 7 * BODY_OCTETS, BODY_OCTETS);
    assertThat(read(7)).isEqualTo(later);
    assertThat(read(8)).isEqualTo(expected(8));
    assertThat(reads)
        .containsExactly(
            "read 5000 1000", "ahead 6000 65536", "read 7000 1000", "ahead 8000 65536");
  }

  @Test
  void servesNoDamagedBody() throws Exception {
    BodyLocation before = location(6);
    segment[6500] ^= 1;
    read(5);
    MessageBody damaged = bodies.at(new BodyId(7), () -> before, Bodies.READING, ahead);
    assertThatExceptionOfType(CorruptBodyException.class).isThrownBy(damaged::open);
  }

  @Test
  void givesAPartOfABody() throws Exception {
    MessageBody body = bodies.at(new BodyId(1), () -> location(0), Bodies.READING, ahead);
    assertThat(body.open(3, 5).readAllBytes()).isEqualTo(Arrays.copyOfRange(segment, 3, 8));
    assertThat(body.open(990, 50).readAllBytes()).isEqualTo(Arrays.copyOfRange(segment, 990, 1000));
    assertThat(new String(body.open(1000, 5).readAllBytes(), US_ASCII)).isEmpty();
  }
}
