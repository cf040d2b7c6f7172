package dev.postrider.storage.snapshot;

import dev.postrider.storage.log.LogPosition;
import java.nio.ByteBuffer;
import java.time.Instant;
import java.util.Optional;
import java.util.UUID;
import java.util.zip.CRC32C;

/**
 * The first 64 octets of a snapshot, big-endian.
 *
 * <pre>
 *  0  magic 'POSTSNAP'
 *  8  format version
 * 12  segment of the position in the log that it stands for
 * 16  id of the store
 * 32  offset of the position
 * 40  sequence of the position
 * 48  when it was made, in milliseconds since 1970
 * 56  four octets 0
 * 60  CRC-32C of octets 0 to 59
 * </pre>
 */
record SnapshotHeader(int format, UUID store, LogPosition position, Instant at) {

  static final int OCTETS = 64;

  /** In version 1 frames were not packed. */
  static final int FORMAT = 2;

  boolean isPacked() {
    return format > 1;
  }

  private static final long MAGIC = 0x504F5354534E4150L;
  private static final int CHECKED_OCTETS = 60;

  ByteBuffer encode() {
    ByteBuffer out = ByteBuffer.allocate(OCTETS);
    out.putLong(MAGIC).putInt(format).putInt(position.segment());
    out.putLong(store.getMostSignificantBits()).putLong(store.getLeastSignificantBits());
    out.putLong(position.offset()).putLong(position.sequence()).putLong(at.toEpochMilli());
    out.putInt(CHECKED_OCTETS, checksum(out));
    return out.rewind();
  }

  /** Empty when it is none, or damaged. */
  static Optional<SnapshotHeader> decode(ByteBuffer in) {
    if (in.getLong(0) != MAGIC || in.getInt(CHECKED_OCTETS) != checksum(in)) {
      return Optional.empty();
    }
    return Optional.of(
        new SnapshotHeader(
            in.getInt(8),
            new UUID(in.getLong(16), in.getLong(24)),
            new LogPosition(in.getInt(12), in.getLong(32), in.getLong(40)),
            Instant.ofEpochMilli(in.getLong(48))));
  }

  private static int checksum(ByteBuffer buffer) {
    CRC32C crc = new CRC32C();
    crc.update(buffer.slice(0, CHECKED_OCTETS));
    return (int) crc.getValue();
  }
}
