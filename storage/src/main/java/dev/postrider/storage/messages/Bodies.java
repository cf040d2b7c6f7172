package dev.postrider.storage.messages;

import dev.postrider.protocol.message.MessageDescription;
import dev.postrider.storage.StoreException;
import dev.postrider.storage.changes.BodyDescription;
import dev.postrider.storage.changes.BodyLocation;
import dev.postrider.storage.changes.Change;
import java.io.ByteArrayInputStream;
import java.io.Closeable;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.zip.CRC32C;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Reads bytes of messages. Callers: the store alone.
 *
 * <p>Nothing is handed out before the checksum of the whole body was seen to be right, at least
 * once since the start: a stream that fails in its middle would be too late for a peer that was
 * told the length. A small body is always read whole and checked every time, as it is in memory
 * then. The header of a large one that was described is read alone, and checked by its own
 * checksum.
 */
public final class Bodies {

  private static final Logger log = LoggerFactory.getLogger(Bodies.class);

  /** Up to here a body is read in one piece. */
  private static final int WHOLE_OCTETS_MAX = 256 * 1024;

  private static final int CHUNK_OCTETS = 64 * 1024;

  /** A smaller body is read whole as fast as a part of it. */
  private static final int PART_OCTETS_MIN = 16 * 1024;

  /** Twice in a row a body is not moved before it can be read. */
  private static final int MOVES_MAX = 10;

  /** Bodies that are remembered as checked. */
  private static final int CHECKED_MAX = 100_000;

  private final BodyOctets octets;
  private final Set<BodyId> checked = ConcurrentHashMap.newKeySet();

  public Bodies(BodyOctets octets) {
    this.octets = octets;
  }

  /** Where a body is now; it moves when its segment is collected. */
  @FunctionalInterface
  interface Locator {
    /** Throws NOT_FOUND. */
    BodyLocation locate() throws StoreException;
  }

  /** What is known of a body without reading it. */
  interface Describer {
    MessageDescription describe(BodyId id, MessageBody body) throws IOException, StoreException;

    Optional<BodyDescription> stored(BodyId id) throws StoreException;
  }

  /** Knows nothing. */
  static final Describer READING = new Reading();

  private static final class Reading implements Describer {
    @Override
    public MessageDescription describe(BodyId id, MessageBody body) throws IOException {
      try (InputStream in = body.open()) {
        return MessageDescription.of(in);
      }
    }

    @Override
    public Optional<BodyDescription> stored(BodyId id) {
      return Optional.empty();
    }
  }

  MessageBody at(BodyId id, Locator locator, Describer descriptions, ReadAhead ahead)
      throws StoreException {
    return new LogBody(id, locator, locator.locate(), descriptions, ahead);
  }

  /** A body that stays where it is, as nothing is collected meanwhile. */
  public MessageBody at(BodyId id, BodyLocation location) throws StoreException {
    return at(id, () -> location, READING, new ReadAhead());
  }

  /** A copy of a body is as doubtful as a new one. */
  void apply(List<Change> changes) {
    for (Change change : changes) {
      if (change instanceof Change.BodyMoved moved) {
        checked.remove(moved.body());
      }
    }
  }

  private void remember(BodyId id) {
    if (checked.size() >= CHECKED_MAX) {
      checked.clear();
    }
    checked.add(id);
  }

  private record Place(BodyLocation location, BodyOctets.Lease lease) implements Closeable {
    @Override
    public void close() throws IOException {
      lease.close();
    }
  }

  private final class LogBody implements MessageBody {
    private final BodyId id;
    private final Locator locator;
    private final BodyLocation found;
    private final Describer descriptions;
    private final ReadAhead ahead;

    LogBody(
        BodyId id, Locator locator, BodyLocation found, Describer descriptions, ReadAhead ahead) {
      this.id = id;
      this.locator = locator;
      this.found = found;
      this.descriptions = descriptions;
      this.ahead = ahead;
    }

    @Override
    public long octets() {
      return found.octets();
    }

    @Override
    public InputStream open(long offset, long length) throws IOException {
      if (offset < 0 || length < 0) {
        throw new IllegalArgumentException("negative range " + offset + ", " + length);
      }
      long from = Math.min(offset, found.octets());
      long count = Math.min(length, found.octets() - from);
      if (found.octets() < PART_OCTETS_MIN) {
        return small((int) from, (int) count);
      }
      boolean known = checked.contains(id);
      Place place = place();
      if (found.octets() <= WHOLE_OCTETS_MAX && (!known || count == found.octets())) {
        try (place) {
          InputStream whole = new ByteArrayInputStream(whole(place), (int) from, (int) count);
          remember(id);
          return whole;
        }
      }
      try {
        if (!known) {
          check(place);
        }
        return new RangeStream(place.lease, place.location.offset() + from, count);
      } catch (IOException e) {
        place.close();
        throw e;
      }
    }

    private InputStream small(int from, int count) throws IOException {
      int start = ahead.find(found);
      if (start >= 0 && isRight(start)) {
        return new ByteArrayInputStream(ahead.octets(), start + from, count);
      }
      try (Place place = place()) {
        start = place.location.equals(found) ? ahead.read(found, place.lease) : -1;
        return start >= 0 && isRight(start)
            ? new ByteArrayInputStream(ahead.octets(), start + from, count)
            : new ByteArrayInputStream(whole(place), from, count);
      }
    }

    /** Whether it is this body that was read ahead to {@code start}. */
    private boolean isRight(int start) {
      CRC32C crc = new CRC32C();
      crc.update(ahead.octets(), start, (int) found.octets());
      return (int) crc.getValue() == found.crc();
    }

    @Override
    public MessageDescription describe() throws IOException, StoreException {
      return descriptions.describe(id, this);
    }

    @Override
    public InputStream openHeader() throws IOException {
      if (found.octets() < PART_OCTETS_MIN) {
        return open();
      }
      BodyDescription known = stored();
      if (known == null) {
        return open();
      }
      long octets = known.headerOctets();
      if (checked.contains(id)) {
        return open(0, octets);
      }
      if (octets <= WHOLE_OCTETS_MAX) {
        byte[] header = new byte[(int) octets];
        if (isRead(header, known.headerCrc())) {
          return new ByteArrayInputStream(header);
        }
        // One of the two is damaged; if it is the body, its own checksum says so.
        log.error("store.header-differs body={}", id.value());
      }
      return open();
    }

    private boolean isRead(byte[] header, int wanted) throws IOException {
      try (Place place = place()) {
        place.lease.read(place.location.offset(), ByteBuffer.wrap(header));
      } catch (CorruptBodyException e) {
        return false;
      }
      CRC32C crc = new CRC32C();
      crc.update(header);
      return (int) crc.getValue() == wanted;
    }

    /** What is stored, where it can belong to this body. */
    private @Nullable BodyDescription stored() throws IOException {
      try {
        return descriptions
            .stored(id)
            .filter(known -> known.headerOctets() <= found.octets())
            .orElse(null);
      } catch (StoreException e) {
        throw new IOException("message bytes " + id.value() + ": " + e.getMessage(), e);
      }
    }

    /** Where it is now, held there. */
    private Place place() throws IOException {
      BodyLocation location = found;
      for (int i = 0; i < MOVES_MAX; i++) {
        Optional<? extends BodyOctets.Lease> lease = octets.lease(id, location);
        if (lease.isPresent()) {
          return new Place(location, lease.get());
        }
        try {
          location = locator.locate();
        } catch (StoreException e) {
          throw new IOException("message bytes " + id.value() + ": " + e.getMessage(), e);
        }
      }
      throw new IOException("message bytes " + id.value() + " are not where they should be");
    }

    private byte[] whole(Place place) throws IOException {
      byte[] bytes = new byte[(int) found.octets()];
      read(place, place.location.offset(), ByteBuffer.wrap(bytes));
      CRC32C crc = new CRC32C();
      crc.update(bytes);
      requireRight(crc, place.location);
      return bytes;
    }

    private void check(Place place) throws IOException {
      CRC32C crc = new CRC32C();
      ByteBuffer chunk = ByteBuffer.allocate(CHUNK_OCTETS);
      long at = place.location.offset();
      long end = at + place.location.octets();
      while (at < end) {
        chunk.clear().limit((int) Math.min(CHUNK_OCTETS, end - at));
        read(place, at, chunk);
        crc.update(chunk.flip());
        at += chunk.limit();
      }
      requireRight(crc, place.location);
      remember(id);
    }

    private void read(Place place, long at, ByteBuffer octets) throws IOException {
      try {
        place.lease.read(at, octets);
      } catch (CorruptBodyException e) {
        throw damaged(place.location);
      }
    }

    private void requireRight(CRC32C crc, BodyLocation location) throws CorruptBodyException {
      if ((int) crc.getValue() != location.crc()) {
        throw damaged(location);
      }
    }

    private CorruptBodyException damaged(BodyLocation location) {
      log.error(
          "store.body-damaged body={} segment={} offset={}",
          id.value(),
          location.segment(),
          location.offset());
      return new CorruptBodyException(
          String.format(
              Locale.ROOT,
              "message bytes %d in segment %d at offset %d are damaged",
              id.value(),
              location.segment(),
              location.offset()));
    }
  }

  private static final class RangeStream extends InputStream {
    private final BodyOctets.Lease lease;
    private final long end;
    private long at;
    private final ByteBuffer buffer;

    RangeStream(BodyOctets.Lease lease, long start, long count) {
      this.lease = lease;
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

    @Override
    public void close() throws IOException {
      lease.close();
    }

    private boolean fill() throws IOException {
      if (buffer.hasRemaining()) {
        return true;
      }
      if (at == end) {
        return false;
      }
      buffer.clear().limit((int) Math.min(buffer.capacity(), end - at));
      lease.read(at, buffer);
      at += buffer.limit();
      buffer.flip();
      return true;
    }
  }
}
