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
 * <p>A body is streamed: its header is written after it, as only then its checksum is known. Until
 * then the place of the header holds zeros, which no reader takes for a record.
 *
 * <p>Thread: the one writer of the store.
 */
final class LogWriter implements Closeable {

  private static final int BUFFER_OCTETS = 256 * 1024;
  private static final int CHUNK_OCTETS = 64 * 1024;

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
    if (octets != source.octets()) {
      throw new SourceException(
          "message said it has " + source.octets() + " octets, but has " + octets);
    }
    int checksum = (int) crc.getValue();
    patch(headerAt, header(RecordHeader.Type.BODY, octets, id.value(), checksum));
    return new BodyLocation(segment, start, octets, checksum);
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
    head().truncate(beginOffset);
  }

  /** Returns when every append before is on the disk. A failure of this is final. */
  void force() throws IOException {
    head().force();
    durableSequence = nextSequence - 1;
  }

  @Override
  public void close() throws IOException {
    if (file != null) {
      file.close();
      file = null;
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
    flushed = SegmentHeader.OCTETS;
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
    head().write(buffer, flushed);
    buffer.clear();
    flushed += count;
  }

  private LogFile head() throws IOException {
    if (file == null) {
      throw new IOException("the log is closed");
    }
    return file;
  }
}
