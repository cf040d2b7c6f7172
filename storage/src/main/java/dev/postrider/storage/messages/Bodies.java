package dev.postrider.storage.messages;

import dev.postrider.storage.changes.BodyLocation;
import dev.postrider.storage.log.SegmentReaders;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.util.Locale;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.zip.CRC32C;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Reads bytes of messages out of the log. Callers: the store alone.
 *
 * <p>Nothing is handed out before the checksum of the whole body was seen to be right, at least
 * once since the start: a stream that fails in its middle would be too late for a peer that was
 * told the length. A small body that is read whole is checked every time, as it is in memory then.
 */
public final class Bodies {

  private static final Logger log = LoggerFactory.getLogger(Bodies.class);

  /** Up to here a body is read in one piece. */
  private static final int WHOLE_OCTETS_MAX = 256 * 1024;

  private static final int CHUNK_OCTETS = 64 * 1024;

  /** Bodies that are remembered as checked. */
  private static final int CHECKED_MAX = 100_000;

  private final SegmentReaders segments;
  private final Set<BodyId> checked = ConcurrentHashMap.newKeySet();

  public Bodies(SegmentReaders segments) {
    this.segments = segments;
  }

  MessageBody at(BodyId id, BodyLocation location) {
    return new LogBody(id, location);
  }

  private void remember(BodyId id) {
    if (checked.size() >= CHECKED_MAX) {
      checked.clear();
    }
    checked.add(id);
  }

  private final class LogBody implements MessageBody {
    private final BodyId id;
    private final BodyLocation location;

    LogBody(BodyId id, BodyLocation location) {
      this.id = id;
      this.location = location;
    }

    @Override
    public long octets() {
      return location.octets();
    }

    @Override
    public InputStream open(long offset, long length) throws IOException {
      if (offset < 0 || length < 0) {
        throw new IllegalArgumentException("negative range " + offset + ", " + length);
      }
      long from = Math.min(offset, location.octets());
      long count = Math.min(length, location.octets() - from);
      boolean known = checked.contains(id);
      if (location.octets() <= WHOLE_OCTETS_MAX && (!known || count == location.octets())) {
        return new ByteArrayInputStream(whole(), (int) from, (int) count);
      }
      if (!known) {
        check();
      }
      return new RangeStream(location.segment(), location.offset() + from, count);
    }

    private byte[] whole() throws IOException {
      byte[] bytes = new byte[(int) location.octets()];
      segments.read(location.segment(), location.offset(), ByteBuffer.wrap(bytes));
      CRC32C crc = new CRC32C();
      crc.update(bytes);
      requireRight(crc);
      return bytes;
    }

    private void check() throws IOException {
      CRC32C crc = new CRC32C();
      byte[] chunk = new byte[CHUNK_OCTETS];
      try (InputStream in =
          new RangeStream(location.segment(), location.offset(), location.octets())) {
        int count;
        while ((count = in.read(chunk)) >= 0) {
          crc.update(chunk, 0, count);
        }
      }
      requireRight(crc);
    }

    private void requireRight(CRC32C crc) throws CorruptBodyException {
      if ((int) crc.getValue() != location.crc()) {
        log.error(
            "store.body-damaged body={} segment={} offset={}",
            id.value(),
            location.segment(),
            location.offset());
        throw new CorruptBodyException(
            String.format(
                Locale.ROOT,
                "message bytes %d in segment %d at offset %d are damaged",
                id.value(),
                location.segment(),
                location.offset()));
      }
      remember(id);
    }
  }

  private final class RangeStream extends InputStream {
    private final int segment;
    private final long end;
    private long at;
    private final ByteBuffer buffer;

    RangeStream(int segment, long start, long count) {
      this.segment = segment;
      this.at = start;
      this.end = start + count;
      this.buffer = ByteBuffer.allocate((int) Math.min(CHUNK_OCTETS, count)).limit(0);
    }

    @Override
    public int read() throws IOException {
      return fill() ? buffer.get() & 0xFF : -1;
    }

    @Override
    public int read(byte[] bytes, int offset, int length) throws IOException {
      Objects.checkFromIndexSize(offset, length, bytes.length);
      if (length == 0) {
        return 0;
      }
      if (!fill()) {
        return -1;
      }
      int count = Math.min(length, buffer.remaining());
      buffer.get(bytes, offset, count);
      return count;
    }

    @Override
    public int available() {
      return buffer.remaining();
    }

    private boolean fill() throws IOException {
      if (buffer.hasRemaining()) {
        return true;
      }
      if (at == end) {
        return false;
      }
      buffer.clear().limit((int) Math.min(buffer.capacity(), end - at));
      segments.read(segment, at, buffer);
      at += buffer.limit();
      buffer.flip();
      return true;
    }
  }
}
