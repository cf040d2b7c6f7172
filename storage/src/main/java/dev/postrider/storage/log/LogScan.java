package dev.postrider.storage.log;

import dev.postrider.storage.StoreException;
import dev.postrider.storage.StoreException.Kind;
import dev.postrider.storage.changes.Batch;
import dev.postrider.storage.changes.BodyLocation;
import dev.postrider.storage.changes.ChangeCodec;
import dev.postrider.storage.changes.MalformedChangeException;
import dev.postrider.storage.messages.BodyId;
import dev.postrider.storage.messages.BodyOctets;
import dev.postrider.storage.messages.CorruptBodyException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.Optional;
import java.util.SortedSet;
import java.util.UUID;
import java.util.zip.CRC32C;
import org.jspecify.annotations.Nullable;

/**
 * Looks at every record of the log, and goes on behind what is damaged. It changes nothing, so it
 * may run while the store is written to.
 *
 * <p>Behind a damaged record the next whole header of this store is looked for, octet by octet; its
 * sequence tells how many records are missing between. A message cannot contain such a header, as
 * nobody knows the salt of the store.
 */
public final class LogScan {

  private static final int CHUNK_OCTETS = 256 * 1024;
  private static final int BATCH_OCTETS_MAX = 512 * 1024 * 1024;

  private final LogFiles files;
  private final UUID store;
  private final int salt;
  private final ByteBuffer head = ByteBuffer.allocate(RecordHeader.OCTETS);
  private final ByteBuffer chunk = ByteBuffer.allocate(CHUNK_OCTETS);

  /** Takes what is found, in the order of the log. */
  public interface Visitor {
    /** A body record; when it is not {@code whole}, damage was told before. */
    void body(BodyId body, BodyLocation location, boolean whole) throws StoreException;

    void batch(Batch batch, LogPosition after) throws StoreException;

    void damage(Damage damage) throws StoreException;

    /** What a repair gave up: the octets from {@code from} to {@code to}, as they were. */
    default void lost(int segment, long from, long to) throws StoreException {}

    /** Everything of the segment was told; {@code octets} were looked at. */
    void end(int segment, long octets) throws StoreException;
  }

  /** What is wrong with a record. */
  public enum What {
    /** There is no such file. */
    SEGMENT_MISSING,
    /** The first octets of the file are not what they were. */
    SEGMENT_HEADER,
    /** Of another store, or of a newer program. */
    SEGMENT_FOREIGN,
    /** The file does not begin, or go on, with the record that follows. */
    RECORDS_MISSING,
    /** Octets that are no record. */
    RECORD,
    /** A body of which only the bytes of the message are damaged. */
    BODY,
    /** A batch that is damaged. */
    BATCH,
    /** The last octets of the last segment: an append that was never acknowledged. */
    TAIL
  }

  /**
   * Something that is not as it was written.
   *
   * @param offset octets from the start of the segment
   * @param octets how many are damaged
   * @param sequence of the first record that is missing or damaged
   * @param lost how many records
   */
  public record Damage(
      What what, int segment, long offset, long octets, long sequence, long lost) {}

  public LogScan(LogFiles files, UUID store) {
    this.files = files;
    this.store = store;
    this.salt = RecordHeader.salt(store);
  }

  /**
   * Scans all segments.
   *
   * @param complete from here on no segment may be missing
   * @param until where to stop; null: at the end
   * @return the end
   */
  public LogPosition run(LogPosition complete, @Nullable LogPosition until, Visitor visitor)
      throws StoreException {
    try {
      SortedSet<Integer> segments = files.list();
      LogPosition at = LogPosition.START;
      int wanted = Math.max(1, complete.segment());
      for (int segment : segments) {
        if (until != null && segment > until.segment()) {
          break;
        }
        for (; wanted < segment; wanted++) {
          visitor.damage(new Damage(What.SEGMENT_MISSING, wanted, 0, 0, at.sequence(), 0));
        }
        wanted = Math.max(wanted, segment + 1);
        boolean continues = at.segment() > 0 && segment > complete.segment();
        at = new Segment(segment, segment == segments.last(), continues, until, visitor).scan(at);
      }
      return at;
    } catch (IOException e) {
      throw new StoreException(Kind.UNUSABLE, "cannot read the log: " + e.getMessage(), e);
    }
  }

  /** The sequence of the first record of a segment; empty when its header is damaged. */
  public Optional<Long> firstSequence(int segment) throws IOException {
    try (LogFile file = files.openForReading(segment)) {
      ByteBuffer bytes = ByteBuffer.allocate(SegmentHeader.OCTETS);
      return readFully(file, bytes, 0)
          ? SegmentHeader.decode(bytes).map(SegmentHeader::firstSequence)
          : Optional.empty();
    }
  }

  /** The octets of a body, whatever is around them. */
  public BodyOctets.Lease open(BodyLocation body) throws IOException {
    FileLease lease = new FileLease(files.openForReading(body.segment()));
    return body.isPacked() ? new UnpackedLease(lease, body) : lease;
  }

  private record FileLease(LogFile file) implements BodyOctets.Lease {
    @Override
    public void read(long offset, ByteBuffer bytes) throws IOException {
      long at = offset;
      while (bytes.hasRemaining()) {
        int count = file.read(bytes, at);
        if (count < 0) {
          throw new IOException("the segment ends at " + at);
        }
        at += count;
      }
    }

    @Override
    public void close() throws IOException {
      file.close();
    }
  }

  /** Whether the octets of a body are what they were, whatever is around them. */
  public boolean isWhole(BodyLocation body) throws StoreException {
    try (BodyOctets.Lease lease = open(body)) {
      CRC32C crc = new CRC32C();
      long left = body.octets();
      while (left > 0) {
        chunk.clear().limit((int) Math.min(chunk.capacity(), left));
        lease.read(body.offset() + body.octets() - left, chunk);
        crc.update(chunk.flip());
        left -= chunk.limit();
      }
      return (int) crc.getValue() == body.crc();
    } catch (CorruptBodyException e) {
      return false;
    } catch (IOException e) {
      throw new StoreException(Kind.UNUSABLE, "cannot read the log: " + e.getMessage(), e);
    }
  }

  /** One file, from its start to its end. */
  private final class Segment {
    private final int number;
    private final boolean last;
    private final boolean continues;
    private final @Nullable LogPosition until;
    private final Visitor visitor;

    /**
     * @param continues whether the segment before it was scanned, or should have been there
     */
    Segment(
        int number, boolean last, boolean continues, @Nullable LogPosition until, Visitor visitor) {
      this.number = number;
      this.last = last;
      this.continues = continues;
      this.until = until;
      this.visitor = visitor;
    }

    LogPosition scan(LogPosition before) throws IOException, StoreException {
      try (LogFile file = files.openForReading(number)) {
        LogPosition stop = until;
        boolean ends = stop != null && stop.segment() == number;
        long size = ends && stop != null ? Math.min(stop.offset(), file.size()) : file.size();
        long first = header(file, before);
        if (first < 0) {
          return before;
        }
        LogPosition at = new LogPosition(number, SegmentHeader.OCTETS, first);
        while (at.offset() < size) {
          LogPosition after = record(file, at, size);
          if (after == null) {
            break;
          }
          at = after;
        }
        visitor.end(number, size);
        return at;
      }
    }

    /** The sequence of the first record; negative when the segment is none of ours. */
    private long header(LogFile file, LogPosition before) throws IOException, StoreException {
      ByteBuffer bytes = ByteBuffer.allocate(SegmentHeader.OCTETS);
      Optional<SegmentHeader> header =
          readFully(file, bytes, 0) ? SegmentHeader.decode(bytes) : Optional.empty();
      if (header.isEmpty()) {
        boolean beingMade = last && file.size() <= SegmentHeader.OCTETS;
        What what = beingMade ? What.TAIL : What.SEGMENT_HEADER;
        visitor.damage(new Damage(what, number, 0, SegmentHeader.OCTETS, before.sequence(), 0));
        return beingMade ? -1 : before.sequence();
      }
      if (header.get().format() > SegmentHeader.FORMAT
          || !header.get().store().equals(store)
          || header.get().segment() != number) {
        visitor.damage(
            new Damage(What.SEGMENT_FOREIGN, number, 0, file.size(), before.sequence(), 0));
        return -1;
      }
      long first = header.get().firstSequence();
      if (continues && first != before.sequence()) {
        visitor.damage(
            new Damage(
                What.RECORDS_MISSING, number, 0, 0, before.sequence(), first - before.sequence()));
      }
      return first;
    }

    /** The position behind the record at {@code at}; null at a torn tail. */
    private @Nullable LogPosition record(LogFile file, LogPosition at, long size)
        throws IOException, StoreException {
      Optional<RecordHeader> header = headerAt(file, at.offset());
      if (header.isEmpty()
          || header.get().sequence() != at.sequence()
          || header.get().length() > size - at.offset() - RecordHeader.OCTETS) {
        return passOver(file, at, size);
      }
      RecordHeader record = header.get();
      long payload = at.offset() + RecordHeader.OCTETS;
      long end = payload + record.length();
      boolean whole = crc(file, payload, record.length()) == record.crc();
      if (!whole && tornTail(file, at, size)) {
        return null;
      }
      LogPosition after = new LogPosition(number, end, at.sequence() + record.records());
      switch (record.type()) {
        case BODY -> {
          if (!whole) {
            damage(What.BODY, at, end, 1);
          }
          visitor.body(
              new BodyId(record.body()),
              new BodyLocation(number, payload, record.length(), record.crc()),
              whole);
        }
        case PACKED -> {
          Optional<BodyLocation> location =
              whole ? packed(file, payload, record.length()) : Optional.empty();
          if (location.isEmpty()) {
            damage(What.BODY, at, end, 1);
          }
          visitor.body(
              new BodyId(record.body()),
              location.orElse(new BodyLocation(number, payload, 0, 0, record.length())),
              location.isPresent());
        }
        case BATCH -> batch(file, at, record, whole, after);
        case LOST -> visitor.lost(number, payload, end);
      }
      return after;
    }

    /** Empty when what is there was never packed, although it is as it was written. */
    private Optional<BodyLocation> packed(LogFile file, long payload, long room)
        throws IOException {
      try {
        FileLease lease = new FileLease(file);
        Packing packing = Packing.read((at, bytes) -> lease.read(payload + at, bytes), room);
        return Optional.of(packing.location(number, payload, room));
      } catch (CorruptBodyException e) {
        return Optional.empty();
      }
    }

    private void batch(
        LogFile file, LogPosition at, RecordHeader record, boolean whole, LogPosition after)
        throws IOException, StoreException {
      if (!whole || record.length() > BATCH_OCTETS_MAX) {
        damage(What.BATCH, at, after.offset(), 1);
        return;
      }
      ByteBuffer payload = ByteBuffer.allocate((int) record.length());
      readFully(file, payload, at.offset() + RecordHeader.OCTETS);
      Batch batch;
      try {
        batch = ChangeCodec.decode(payload.array());
      } catch (MalformedChangeException e) {
        damage(What.BATCH, at, after.offset(), 1);
        return;
      }
      visitor.batch(batch, after);
    }

    private void damage(What what, LogPosition at, long end, long lost) throws StoreException {
      visitor.damage(new Damage(what, number, at.offset(), end - at.offset(), at.sequence(), lost));
    }

    private @Nullable LogPosition passOver(LogFile file, LogPosition at, long size)
        throws IOException, StoreException {
      if (tornTail(file, at, size)) {
        return null;
      }
      Optional<LogPosition> next = nextRecord(file, at, size);
      long end = next.map(LogPosition::offset).orElse(size);
      long sequence = next.map(LogPosition::sequence).orElse(at.sequence() + 1);
      damage(What.RECORD, at, end, sequence - at.sequence());
      return new LogPosition(number, end, sequence);
    }

    /** Whether nobody says that what is at {@code at} was ever on the disk. */
    private boolean tornTail(LogFile file, LogPosition at, long size)
        throws IOException, StoreException {
      if (!last || until != null) {
        return false;
      }
      long from = at.offset() + 1;
      Optional<RecordHeader> later = find(file, from, size, at.sequence());
      while (later.isPresent()) {
        if (later.get().durable() >= at.sequence()) {
          return false;
        }
        from = found + 1;
        later = find(file, from, size, at.sequence());
      }
      visitor.damage(
          new Damage(What.TAIL, number, at.offset(), size - at.offset(), at.sequence(), 0));
      return true;
    }

    private Optional<LogPosition> nextRecord(LogFile file, LogPosition at, long size)
        throws IOException {
      return find(file, at.offset() + 1, size, at.sequence())
          .map(header -> new LogPosition(number, found, header.sequence()));
    }

    /** Where {@link #find} found something. */
    private long found;

    /** The first whole header from {@code offset} on, of a record after {@code sequence}. */
    private Optional<RecordHeader> find(LogFile file, long offset, long size, long sequence)
        throws IOException {
      ByteBuffer window = ByteBuffer.allocate(CHUNK_OCTETS);
      long at = offset;
      while (at + RecordHeader.OCTETS <= size) {
        window.clear().limit((int) Math.min(window.capacity(), size - at));
        if (!readFully(file, window, at)) {
          return Optional.empty();
        }
        int end = window.limit() - RecordHeader.OCTETS;
        for (int i = 0; i <= end; i++) {
          Optional<RecordHeader> header = headerIn(window, i, sequence);
          if (header.isPresent()) {
            found = at + i;
            return header;
          }
        }
        at += end + 1;
      }
      return Optional.empty();
    }

    private Optional<RecordHeader> headerIn(ByteBuffer window, int at, long sequence) {
      return window.getInt(at) == RecordHeader.MAGIC
          ? RecordHeader.get(window, at, salt).filter(header -> header.sequence() > sequence)
          : Optional.empty();
    }
  }

  private Optional<RecordHeader> headerAt(LogFile file, long offset) throws IOException {
    return readFully(file, head.clear(), offset)
        ? RecordHeader.get(head, 0, salt)
        : Optional.empty();
  }

  private int crc(LogFile file, long offset, long length) throws IOException {
    CRC32C crc = new CRC32C();
    long at = offset;
    long left = length;
    while (left > 0) {
      chunk.clear().limit((int) Math.min(chunk.capacity(), left));
      if (!readFully(file, chunk, at)) {
        return ~(int) crc.getValue();
      }
      crc.update(chunk.rewind());
      at += chunk.limit();
      left -= chunk.limit();
    }
    return (int) crc.getValue();
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
