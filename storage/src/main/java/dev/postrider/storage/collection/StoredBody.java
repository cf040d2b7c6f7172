package dev.postrider.storage.collection;

import dev.postrider.storage.changes.BodyLocation;
import dev.postrider.storage.log.SegmentReaders;
import dev.postrider.storage.messages.MessageSource;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.util.zip.CRC32C;
import org.jspecify.annotations.Nullable;

/** A body where it is now, with its checksum checked: damage is never copied. */
final class StoredBody implements MessageSource {

  private static final int CHUNK_OCTETS = 256 * 1024;

  private final SegmentReaders segments;
  private final BodyLocation location;
  private final byte @Nullable [] bytes;

  /** Reads all of it; keeps it in memory when it has at most {@code memoryMax} octets. */
  StoredBody(SegmentReaders segments, BodyLocation location, int memoryMax) throws IOException {
    this.segments = segments;
    this.location = location;
    CRC32C crc = new CRC32C();
    if (location.octets() <= memoryMax) {
      byte[] all = new byte[(int) location.octets()];
      segments.read(location.segment(), location.offset(), ByteBuffer.wrap(all));
      crc.update(all);
      bytes = all;
    } else {
      bytes = null;
      byte[] chunk = new byte[CHUNK_OCTETS];
      InputStream in = new Range();
      for (int count = in.read(chunk); count >= 0; count = in.read(chunk)) {
        crc.update(chunk, 0, count);
      }
    }
    if ((int) crc.getValue() != location.crc()) {
      throw new IOException("the body at " + location.offset() + " is damaged");
    }
  }

  @Override
  public long octets() {
    return location.octets();
  }

  @Override
  public InputStream open() {
    byte[] present = bytes;
    return present == null ? new Range() : new ByteArrayInputStream(present);
  }

  /** All of the body, from the segment. */
  private final class Range extends InputStream {
    private long done;

    @Override
    public int read() throws IOException {
      byte[] one = new byte[1];
      return read(one, 0, 1) < 0 ? -1 : one[0] & 0xFF;
    }

    @Override
    public int read(byte[] target, int offset, int length) throws IOException {
      long left = location.octets() - done;
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
