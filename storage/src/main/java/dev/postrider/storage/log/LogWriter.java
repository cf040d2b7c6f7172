package dev.postrider.storage.log;

import dev.postrider.storage.changes.BodyLocation;
import dev.postrider.storage.messages.BodyId;
import dev.postrider.storage.messages.MessageSource;
import java.io.Closeable;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.UUID;
import java.util.zip.CRC32C;
import org.jspecify.annotations.Nullable;

/**
 * The head of the log.
 *
 * <p>An append is {@link #begin}, any number of {@link #body}, one {@link #batch}. The batch is
 * what counts: bodies without one are bytes that nobody refers to. So the whole is atomic, as a
 * batch is only believed when its checksum is right and everything before it is whole. An append
 * stays in one segment, which may thereby become larger than its nominal size.
 *
 * <p>When an append fails before its batch is written, {@link #undo} takes the file back to where
 * it began, and the log goes on as if nothing had happened. Nothing is durable before {@link
 * #force} returned.
 *
 * <p>Small groups go into octets that were prepared: zeros that are on the disk already, ahead of
 * the end of the log. To force what is written over them is half the work, as neither the size nor
 * the place of the file changes. Nobody takes them for records. They end where a segment does, so
 * only the last one can have some left: they are cut off when the log is closed, or by the next
 * start, as a torn tail.
 *
 * <p>A body is streamed: its header is written after it, as only then its checksum is known. Until
 * then the place of the header holds zeros, which no reader takes for a record.
 *
 * <p>Thread: the one writer of the store.
 */
final class LogWriter implements Closeable {

  private static final int BUFFER_OCTETS = 256 * 1024;
  private static final int CHUNK_OCTETS = 64 * 1024;

  /** Octets that are prepared at one time; who comes first waits for them. */
  static final int PREPARED_OCTETS = 1024 * 1024;

  /**
   * While larger groups are forced nothing is prepared: it would be written twice, and the work of
   * a change of size is shared by many. docs/storage.md has what was measured.
   */
  private static final int SMALL_GROUP_OCTETS = 64 * 1024;

  /** So many small groups in a row make it likely that the next one is small too. */
  private static final int SMALL_GROUPS_MIN = 8;

  private final LogFiles files;
  private final UUID store;
  private final int salt;
  private final long segmentOctets;
  private final ByteBuffer buffer = ByteBuffer.allocateDirect(BUFFER_OCTETS);
  private final ByteBuffer patch = ByteBuffer.allocate(RecordHeader.OCTETS);
  private final byte[] chunk = new byte[CHUNK_OCTETS];

  private int segment;
  private @Nullable LogFile file;

  /** Where the buffer will be written. */
  private long flushed;

  /** Up to here the file has at least zeros on the disk, if that is behind {@link #flushed}. */
  private long prepared;

  /** Where the last force was. */
  private long forced;

  private int smallGroups;
  private long nextSequence;
  private long durableSequence;
  private long beginOffset;
  private long beginSequence;

  /**
   * Begins a new segment after {@code end}, up to where the log was recovered; or goes on with the
   * last one when it has no record.
   */
  LogWriter(LogFiles files, UUID store, long segmentOctets, LogPosition end) throws IOException {
    this.files = files;
    this.store = store;
    this.salt = RecordHeader.salt(store);
    this.segmentOctets = segmentOctets;
    this.segment = end.segment();
    this.nextSequence = end.sequence();
    this.durableSequence = end.sequence() - 1;
    if (end.offset() == SegmentHeader.OCTETS) {
      file = files.openForRepair(segment);
      flushed = end.offset();
      forced = flushed;
    } else {
      roll();
    }
  }

  void begin() throws IOException {
    if (flushed >= segmentOctets) {
      roll();
    }
    beginOffset = flushed;
    beginSequence = nextSequence;
  }

  BodyLocation body(BodyId id, MessageSource source) throws IOException {
    long headerAt = skipHeader();
    long start = position();
    if (source instanceof Packed packed) {
      int checksum = payload(packed::openPacked, packed.room());
      patch(headerAt, header(RecordHeader.Type.PACKED, packed.room(), id.value(), checksum));
      return new BodyLocation(segment, start, packed.octets(), packed.crc(), packed.room());
    }
    int checksum = payload(source::open, source.octets());
    patch(headerAt, header(RecordHeader.Type.BODY, source.octets(), id.value(), checksum));
    return new BodyLocation(segment, start, source.octets(), checksum);
  }

  /** Returns the checksum of what was put. */
  private int payload(SourceReader.Opening source, long wanted) throws IOException {
    CRC32C crc = new CRC32C();
    long octets = 0;
    try (SourceReader in = new SourceReader(source)) {
      int count;
      while ((count = in.read(chunk)) >= 0) {
        crc.update(chunk, 0, count);
        put(chunk, count);
        octets += count;
      }
    }
    if (octets != wanted) {
      throw new SourceException("message said it has " + wanted + " octets, but has " + octets);
    }
    return (int) crc.getValue();
  }

  /** Ends the append. Returns the position after it. */
  LogPosition batch(byte[] changes) throws IOException {
    long headerAt = skipHeader();
    CRC32C crc = new CRC32C();
    crc.update(changes);
    put(changes, changes.length);
    patch(headerAt, header(RecordHeader.Type.BATCH, changes.length, 0, (int) crc.getValue()));
    flush();
    return new LogPosition(segment, flushed, nextSequence);
  }

  /** Takes back what was appended since {@link #begin}. A failure of this is final. */
  void undo() throws IOException {
    buffer.clear();
    flushed = beginOffset;
    nextSequence = beginSequence;
    prepared = beginOffset;
    head().truncate(beginOffset);
  }

  /** Returns when every append before is on the disk. A failure of this is final. */
  void force() throws IOException {
    head().force();
    durableSequence = nextSequence - 1;
    smallGroups = flushed - forced <= SMALL_GROUP_OCTETS ? smallGroups + 1 : 0;
    forced = flushed;
  }

  @Override
  public void close() throws IOException {
    LogFile open = file;
    if (open != null) {
      file = null;
      try (open) {
        dropPrepared(open);
      }
    }
  }

  /** Afterwards the file ends with its last record. */
  private void dropPrepared(LogFile open) throws IOException {
    if (prepared > flushed) {
      prepared = flushed;
      open.truncate(flushed);
      open.force();
    }
  }

  /**
   * Ends the segment and begins the next. The old one is durable before the new one exists: so only
   * the last segment can have a torn tail.
   */
  private void roll() throws IOException {
    if (file != null) {
      force();
    }
    int next = segment + 1;
    LogFile created = files.create(next);
    try {
      SegmentHeader header = new SegmentHeader(SegmentHeader.FORMAT, next, store, nextSequence);
      created.write(header.encode(), 0);
      created.force();
      files.forceDirectory();
    } catch (IOException e) {
      created.close();
      files.delete(next);
      throw e;
    }
    close();
    file = created;
    segment = next;
    prepared = 0;
    flushed = SegmentHeader.OCTETS;
    forced = flushed;
  }

  private RecordHeader header(RecordHeader.Type type, long length, long body, int crc) {
    return new RecordHeader(type, length, nextSequence++, durableSequence, body, crc);
  }

  private long position() {
    return flushed + buffer.position();
  }

  private long skipHeader() throws IOException {
    if (buffer.remaining() < RecordHeader.OCTETS) {
      flush();
    }
    long at = position();
    for (int i = 0; i < RecordHeader.OCTETS; i += Long.BYTES) {
      buffer.putLong(0);
    }
    return at;
  }

  private void patch(long at, RecordHeader header) throws IOException {
    if (at >= flushed) {
      header.put(buffer, (int) (at - flushed), salt);
    } else {
      header.put(patch, 0, salt);
      head().write(patch.clear(), at);
    }
  }

  private void put(byte[] bytes, int length) throws IOException {
    int done = 0;
    while (done < length) {
      if (!buffer.hasRemaining()) {
        flush();
      }
      int count = Math.min(buffer.remaining(), length - done);
      buffer.put(bytes, done, count);
      done += count;
    }
  }

  private void flush() throws IOException {
    buffer.flip();
    int count = buffer.remaining();
    boolean small = count <= SMALL_GROUP_OCTETS && smallGroups >= SMALL_GROUPS_MIN;
    if (small && flushed + count > prepared) {
      prepare();
    }
    head().write(buffer, flushed);
    buffer.clear();
    flushed += count;
  }

  private void prepare() throws IOException {
    int count = (int) Math.min(PREPARED_OCTETS, segmentOctets - flushed);
    if (count <= 0) {
      return;
    }
    try {
      head().write(ByteBuffer.allocate(count), flushed);
    } catch (NoSpaceException e) {
      // Some of the zeros may have been written; what is to be written needs their room.
      head().truncate(flushed);
      return;
    }
    head().force();
    prepared = flushed + count;
  }

  private LogFile head() throws IOException {
    if (file == null) {
      throw new IOException("the log is closed");
    }
    return file;
  }
}
