package dev.postrider.storage.collection;

import dev.postrider.storage.changes.BodyLocation;
import dev.postrider.storage.log.Packed;
import dev.postrider.storage.log.SegmentReaders;
import dev.postrider.storage.messages.BodyId;
import dev.postrider.storage.messages.BodyOctets;
import dev.postrider.storage.messages.CorruptBodyException;
import dev.postrider.storage.messages.MessageSource;
import dev.postrider.storage.sql.FrozenTables.BodyRow;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.util.zip.CRC32C;
import org.jspecify.annotations.Nullable;

/**
 * A body as it is in the log now, packed or not, with its checksum checked: damage is never copied.
 */
class StoredBody implements MessageSource {

  private static final int CHUNK_OCTETS = 256 * 1024;

  private final SegmentReaders segments;
  final BodyLocation location;
  private final byte @Nullable [] bytes;

  /**
   * Reads all of it; keeps what is there in memory when it takes at most {@code memoryMax} octets.
   * Throws CorruptBodyException.
   */
  static MessageSource of(SegmentReaders segments, BodyRow row, int memoryMax) throws IOException {
    BodyLocation location = row.location();
    check(segments, row.id(), location);
    byte[] bytes = null;
    if (location.room() <= memoryMax) {
      bytes = new byte[(int) location.room()];
      segments.read(location.segment(), location.offset(), ByteBuffer.wrap(bytes));
    }
    return location.isPacked()
        ? new PackedBody(segments, location, bytes)
        : new StoredBody(segments, location, bytes);
  }

  private static void check(SegmentReaders segments, BodyId id, BodyLocation location)
      throws IOException {
    CRC32C crc = new CRC32C();
    ByteBuffer chunk = ByteBuffer.allocate((int) Math.min(CHUNK_OCTETS, location.octets()));
    try (BodyOctets.Lease lease =
        segments.lease(id, location).orElseThrow(() -> new IOException("the segment is gone"))) {
      long left = location.octets();
      while (left > 0) {
        chunk.clear().limit((int) Math.min(chunk.capacity(), left));
        lease.read(location.offset() + location.octets() - left, chunk);
        crc.update(chunk.flip());
        left -= chunk.limit();
      }
    }
    if ((int) crc.getValue() != location.crc()) {
      throw new CorruptBodyException("the body at " + location.offset() + " is damaged");
    }
  }

  private StoredBody(SegmentReaders segments, BodyLocation location, byte @Nullable [] bytes) {
    this.segments = segments;
    this.location = location;
    this.bytes = bytes;
  }

  @Override
  public long octets() {
    return location.octets();
  }

  /** What is in the log. */
  @Override
  public InputStream open() {
    byte[] present = bytes;
    return present == null ? new Range() : new ByteArrayInputStream(present);
  }

  /** It stays packed; nobody asks for the message. */
  private static final class PackedBody extends StoredBody implements Packed {

    PackedBody(SegmentReaders segments, BodyLocation location, byte @Nullable [] bytes) {
      super(segments, location, bytes);
    }

    @Override
    public long room() {
      return location.room();
    }

    @Override
    public InputStream openPacked() {
      return open();
    }

    @Override
    public int crc() {
      return location.crc();
    }
  }

  /** All of it, from the segment. */
  private final class Range extends InputStream {
    private long done;

    @Override
    public int read() throws IOException {
      byte[] one = new byte[1];
      return read(one, 0, 1) < 0 ? -1 : one[0] & 0xFF;
    }

    @Override
    public int read(byte[] target, int offset, int length) throws IOException {
      long left = location.room() - done;
      if (left == 0) {
        return -1;
      }
      int count = (int) Math.min(left, length);
      segments.read(
          location.segment(), location.offset() + done, ByteBuffer.wrap(target, offset, count));
      done += count;
      return count;
    }
  }
}
