package dev.postrider.storage.log;

import dev.postrider.storage.StoreException;
import dev.postrider.storage.StoreException.Kind;
import dev.postrider.storage.changes.Batch;
import dev.postrider.storage.changes.ChangeCodec;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.Locale;
import java.util.Optional;
import java.util.SortedSet;
import java.util.UUID;
import java.util.function.IntPredicate;
import java.util.zip.CRC32C;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Reads the log after a start, in order, from a position up to its end.
 *
 * <p>The end is the first record of the last segment that is not whole. What is behind it was never
 * acknowledged, as nothing is before everything up to it is on the disk; it is cut off, so that in
 * a segment that is not the last one every record is whole. A record that is bad although it was
 * durable is damage: a batch stops the start with CORRUPT; for a body, only the message is lost,
 * and reading it says so.
 */
public final class Recovery {

  private static final Logger log = LoggerFactory.getLogger(Recovery.class);

  private static final int CHUNK_OCTETS = 256 * 1024;

  /** A batch is held in memory as a whole; nobody writes one this large. */
  private static final long BATCH_OCTETS_MAX = 512L * 1024 * 1024;

  private final LogFiles files;
  private final UUID store;
  private final int salt;
  private final ByteBuffer head = ByteBuffer.allocate(RecordHeader.OCTETS);
  private final ByteBuffer chunk = ByteBuffer.allocate(CHUNK_OCTETS);

  /** The last record that was on the disk for sure. */
  private long durableSequence;

  public Recovery(LogFiles files, UUID store) {
    this.files = files;
    this.store = store;
    this.salt = RecordHeader.salt(store);
  }

  /** Takes a batch that is in the log, and the position behind it. */
  @FunctionalInterface
  public interface Replay {
    void accept(Batch batch, LogPosition after) throws StoreException;
  }

  /**
   * Looks whether all segments are there, before anything is changed.
   *
   * @param mayBeMissing the numbers of segments that were removed
   */
  public void requireSegments(IntPredicate mayBeMissing) throws StoreException {
    try {
      SortedSet<Integer> segments = files.list();
      int last = segments.isEmpty() ? 0 : segments.last();
      for (int segment = 1; segment <= last; segment++) {
        if (segments.contains(segment)) {
          requireHeader(segment, segment == last);
        } else if (!mayBeMissing.test(segment)) {
          throw missing(segment);
        }
      }
    } catch (IOException e) {
      throw unreadable(e);
    }
  }

  private void requireHeader(int segment, boolean last) throws IOException, StoreException {
    try (LogFile file = files.openForReading(segment)) {
      boolean unfinished = last && file.size() <= SegmentHeader.OCTETS;
      if (segmentHeader(file, segment).isEmpty() && !unfinished) {
        throw damagedHeader(segment);
      }
    }
  }

  /** Looks whether the log goes on up to where it was on the disk for sure. */
  public void requireUpTo(LogPosition durable) throws StoreException {
    int segment = durable.segment();
    if (segment == 0) {
      return;
    }
    try {
      if (!files.list().contains(segment)) {
        throw missing(segment);
      }
      try (LogFile file = files.openForReading(segment)) {
        if (file.size() < durable.offset()) {
          throw new StoreException(
              Kind.UNUSABLE,
              String.format(
                  Locale.ROOT,
                  "segment %d of the log has %d octets, but had %d: restore it from a backup",
                  segment,
                  file.size(),
                  durable.offset()));
        }
        if (segmentHeader(file, segment).isEmpty()) {
          throw damagedHeader(segment);
        }
      }
    } catch (IOException e) {
      throw unreadable(e);
    }
  }

  private static StoreException unreadable(IOException e) {
    return new StoreException(Kind.UNUSABLE, "cannot read the log: " + DiskTrouble.describe(e), e);
  }

  /** What the operator is told of a segment that is not there. */
  public static StoreException missing(int segment) {
    return new StoreException(
        Kind.UNUSABLE, "segment " + segment + " of the log is missing: restore it from a backup");
  }

  private static StoreException damagedHeader(int segment) {
    return new StoreException(
        Kind.CORRUPT,
        "segment " + segment + " of the log has a damaged header: restore it from a backup");
  }

  /** The same, when nobody knows up to where the log was on the disk. */
  public LogPosition run(LogPosition from, Replay replay) throws StoreException {
    return run(from, from, replay);
  }

  /**
   * Returns the end of the log.
   *
   * @param durable up to where the log was on the disk for sure: what is bad before it was damaged
   */
  public LogPosition run(LogPosition from, LogPosition durable, Replay replay)
      throws StoreException {
    durableSequence = durable.sequence() - 1;
    try {
      SortedSet<Integer> segments = segments(from);
      LogPosition at = from;
      for (int segment : segments) {
        if (segment < from.segment()) {
          continue;
        }
        at = readSegment(segment, segment == segments.last(), at, replay);
      }
      return at;
    } catch (IOException e) {
      throw new StoreException(Kind.UNUSABLE, "cannot read the log: " + DiskTrouble.describe(e), e);
    }
  }

  private SortedSet<Integer> segments(LogPosition from) throws IOException, StoreException {
    SortedSet<Integer> segments = files.list();
    int expected = Math.max(1, from.segment());
    if (from.segment() > 0 && !segments.contains(from.segment())) {
      throw missing(from.segment());
    }
    for (int segment : segments.tailSet(expected)) {
      if (segment != expected) {
        throw missing(expected);
      }
      expected++;
    }
    return segments;
  }

  private LogPosition readSegment(int segment, boolean last, LogPosition from, Replay replay)
      throws IOException, StoreException {
    try (LogFile file = last ? files.openForRepair(segment) : files.openForReading(segment)) {
      if (last) {
        // What is read here may still be on its way to the disk, and is about to become visible.
        file.force();
      }
      Optional<SegmentHeader> header = segmentHeader(file, segment);
      if (header.isEmpty()) {
        if (last && segment > from.segment() && file.size() <= SegmentHeader.OCTETS) {
          // It was being made: a header is durable before the first record follows it.
          files.delete(segment);
          files.forceDirectory();
          return from;
        }
        throw damagedHeader(segment);
      }
      boolean inside = segment == from.segment();
      if (!inside && header.get().firstSequence() != from.sequence()) {
        throw new StoreException(
            Kind.CORRUPT,
            String.format(
                Locale.ROOT,
                "segment %d begins with record %d, not %d",
                segment,
                header.get().firstSequence(),
                from.sequence()));
      }
      LogPosition at =
          inside ? from : new LogPosition(segment, SegmentHeader.OCTETS, from.sequence());
      if (at.offset() > file.size()) {
        throw new StoreException(
            Kind.CORRUPT, "segment " + segment + " is shorter than the projection says");
      }
      return readRecords(file, last, at, replay);
    }
  }

  private Optional<SegmentHeader> segmentHeader(LogFile file, int segment)
      throws IOException, StoreException {
    ByteBuffer bytes = ByteBuffer.allocate(SegmentHeader.OCTETS);
    if (!readFully(file, bytes, 0)) {
      return Optional.empty();
    }
    Optional<SegmentHeader> header = SegmentHeader.decode(bytes);
    if (header.isPresent()) {
      if (header.get().format() > SegmentHeader.FORMAT) {
        throw new StoreException(
            Kind.UNUSABLE,
            "segment " + segment + " of the log was written by a newer version: use that one");
      }
      if (!header.get().store().equals(store) || header.get().segment() != segment) {
        throw new StoreException(
            Kind.UNUSABLE,
            "segment "
                + segment
                + " of the log belongs to another store: put it back where it came from");
      }
    }
    return header;
  }

  private LogPosition readRecords(LogFile file, boolean last, LogPosition from, Replay replay)
      throws IOException, StoreException {
    LogPosition at = from;
    while (at.offset() < file.size()) {
      Optional<RecordHeader> header = headerAt(file, at.offset());
      boolean usable =
          header.isPresent()
              && header.get().sequence() == at.sequence()
              && header.get().length() <= file.size() - at.offset() - RecordHeader.OCTETS;
      boolean whole = usable && payloadIsWhole(file, at.offset(), header.get());
      if (!whole && last && !wasDurable(file, at)) {
        cut(file, at);
        return at;
      }
      if (!usable || (!whole && header.get().type() == RecordHeader.Type.BATCH)) {
        throw new StoreException(
            Kind.CORRUPT,
            String.format(
                Locale.ROOT,
                "record %d in segment %d of the log, at offset %d, is damaged:"
                    + " restore the segment from a backup",
                at.sequence(),
                at.segment(),
                at.offset()));
      }
      if (!whole) {
        log.error(
            "log.body-damaged body={} segment={} offset={}",
            header.get().body(),
            at.segment(),
            at.offset());
      }
      LogPosition after =
          new LogPosition(
              at.segment(),
              at.offset() + RecordHeader.OCTETS + header.get().length(),
              at.sequence() + header.get().records());
      if (header.get().type() == RecordHeader.Type.BATCH) {
        replay.accept(batchAt(file, at, header.get()), after);
      }
      at = after;
    }
    return at;
  }

  private Optional<RecordHeader> headerAt(LogFile file, long offset) throws IOException {
    return readFully(file, head.clear(), offset)
        ? RecordHeader.get(head, 0, salt)
        : Optional.empty();
  }

  private boolean payloadIsWhole(LogFile file, long offset, RecordHeader header)
      throws IOException {
    CRC32C crc = new CRC32C();
    long at = offset + RecordHeader.OCTETS;
    long left = header.length();
    while (left > 0) {
      chunk.clear().limit((int) Math.min(chunk.capacity(), left));
      if (!readFully(file, chunk, at)) {
        return false;
      }
      crc.update(chunk.rewind());
      at += chunk.limit();
      left -= chunk.limit();
    }
    return (int) crc.getValue() == header.crc();
  }

  private Batch batchAt(LogFile file, LogPosition at, RecordHeader header)
      throws IOException, StoreException {
    if (header.length() > BATCH_OCTETS_MAX) {
      throw new StoreException(Kind.CORRUPT, "record " + at.sequence() + " is too large");
    }
    ByteBuffer payload = ByteBuffer.allocate((int) header.length());
    if (!readFully(file, payload, at.offset() + RecordHeader.OCTETS)) {
      throw new StoreException(Kind.CORRUPT, "record " + at.sequence() + " ends too early");
    }
    return ChangeCodec.decode(payload.array());
  }

  /** Whether the caller, or a record behind the bad one, knows that it was on the disk. */
  private boolean wasDurable(LogFile file, LogPosition bad) throws IOException {
    if (bad.sequence() <= durableSequence) {
      return true;
    }
    long offset = bad.offset() + 1;
    long size = file.size();
    ByteBuffer window = ByteBuffer.allocate(CHUNK_OCTETS);
    while (offset + RecordHeader.OCTETS <= size) {
      window.clear().limit((int) Math.min(window.capacity(), size - offset));
      if (!readFully(file, window, offset)) {
        return false;
      }
      int end = window.limit() - RecordHeader.OCTETS;
      for (int i = 0; i <= end; i++) {
        if (window.getInt(i) == RecordHeader.MAGIC && saysDurable(window, i, bad)) {
          return true;
        }
      }
      offset += end + 1;
    }
    return false;
  }

  private boolean saysDurable(ByteBuffer window, int at, LogPosition bad) {
    return RecordHeader.get(window, at, salt)
        .filter(later -> later.sequence() > bad.sequence() && later.durable() >= bad.sequence())
        .isPresent();
  }

  private void cut(LogFile file, LogPosition at) throws IOException {
    if (!isPrepared(file, at.offset())) {
      log.warn(
          "log.tail-cut segment={} offset={} octets={}",
          at.segment(),
          at.offset(),
          file.size() - at.offset());
    }
    file.truncate(at.offset());
    file.force();
  }

  /** Whether there are only zeros up to the end, which the writer prepared and did not use. */
  private boolean isPrepared(LogFile file, long offset) throws IOException {
    long at = offset;
    while (file.read(chunk.clear(), at) > 0) {
      at += chunk.flip().remaining();
      while (chunk.hasRemaining()) {
        if (chunk.get() != 0) {
          return false;
        }
      }
    }
    return true;
  }

  private static boolean readFully(LogFile file, ByteBuffer bytes, long offset) throws IOException {
    long at = offset;
    while (bytes.hasRemaining()) {
      int count = file.read(bytes, at);
      if (count < 0) {
        return false;
      }
      at += count;
    }
    return true;
  }
}
