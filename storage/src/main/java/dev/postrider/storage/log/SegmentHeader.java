package dev.postrider.storage.log;

import java.nio.ByteBuffer;
import java.util.Optional;
import java.util.UUID;
import java.util.zip.CRC32C;

/**
 * The first 64 octets of a segment, big-endian.
 *
 * <pre>
 *  0  magic 'POSTRIDR'
 *  8  format version
 * 12  number of the segment
 * 16  id of the store, so that a segment of another store is noticed
 * 32  sequence of its first record
 * 40  20 octets 0
 * 60  CRC-32C of octets 0 to 59
 * </pre>
 */
record SegmentHeader(int format, int segment, UUID store, long firstSequence) {

  static final int OCTETS = 64;

  /** Version of the format that is written. */
  static final int FORMAT = 1;

  private static final long MAGIC = 0x504F535452494452L;

  private static final int CHECKED_OCTETS = 60;

  ByteBuffer encode() {
    ByteBuffer out = ByteBuffer.allocate(OCTETS);
    out.putLong(MAGIC).putInt(format).putInt(segment);
    out.putLong(store.getMostSignificantBits()).putLong(store.getLeastSignificantBits());
    out.putLong(firstSequence);
    out.putInt(CHECKED_OCTETS, checksum(out));
    return out.rewind();
  }

  /** The header in the 64 octets of {@code in}, or empty when they are none. */
  static Optional<SegmentHeader> decode(ByteBuffer in) {
    if (in.getLong(0) != MAGIC || in.getInt(CHECKED_OCTETS) != checksum(in)) {
      return Optional.empty();
    }
    return Optional.of(
        new SegmentHeader(
            in.getInt(8), in.getInt(12), new UUID(in.getLong(16), in.getLong(24)), in.getLong(32)));
  }

  private static int checksum(ByteBuffer buffer) {
    CRC32C crc = new CRC32C();
    crc.update(buffer.slice(0, CHECKED_OCTETS));
    return (int) crc.getValue();
  }
}
