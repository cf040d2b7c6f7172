package dev.postrider.storage.log;

import dev.postrider.storage.log.LogScan.Damage;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.UUID;
import java.util.zip.CRC32C;

/**
 * Makes a damaged log one that a start accepts, without touching a record that is whole. Nobody
 * else may have the log open.
 *
 * <p>Damaged octets become the payload of one record of type lost, which stands for as many records
 * as are missing; so only its header is written over them. The payload of a body is left as it is:
 * a start accepts it, and reading the message says that it is damaged.
 */
public final class LogMend {

  private static final int CHUNK_OCTETS = 256 * 1024;

  private final LogFiles files;
  private final UUID store;

  public LogMend(LogFiles files, UUID store) {
    this.files = files;
    this.store = store;
  }

  /** Takes the octets that were there. */
  public interface Aside {
    void put(ByteBuffer octets) throws IOException;

    /** Returns when all of them are on the disk. Only then they are written over. */
    void secure() throws IOException;
  }

  /** Returns whether anything had to be written. */
  public boolean mend(Damage damage, Aside aside) throws IOException {
    return switch (damage.what()) {
      case SEGMENT_HEADER -> header(damage, aside);
      case RECORD, BATCH -> record(damage, aside);
      case SEGMENT_MISSING -> segment(damage);
      case BODY, TAIL, SEGMENT_FOREIGN, RECORDS_MISSING -> false;
    };
  }

  private boolean header(Damage damage, Aside aside) throws IOException {
    try (LogFile file = files.openForRepair(damage.segment())) {
      keep(file, 0, SegmentHeader.OCTETS, aside);
      file.write(headerOf(damage.segment(), damage.sequence()), 0);
      file.force();
      return true;
    }
  }

  private boolean record(Damage damage, Aside aside) throws IOException {
    try (LogFile file = files.openForRepair(damage.segment())) {
      keep(file, damage.offset(), damage.octets(), aside);
      if (damage.octets() < RecordHeader.OCTETS) {
        // Behind the last record of a segment, and too short for one.
        file.truncate(damage.offset());
        bridge(file, damage.sequence(), damage.lost());
      } else {
        long payload = damage.offset() + RecordHeader.OCTETS;
        long length = damage.octets() - RecordHeader.OCTETS;
        RecordHeader lost =
            new RecordHeader(
                RecordHeader.Type.LOST,
                length,
                damage.sequence(),
                damage.sequence() - 1,
                damage.lost(),
                crc(file, payload, length));
        ByteBuffer bytes = ByteBuffer.allocate(RecordHeader.OCTETS);
        lost.put(bytes, 0, RecordHeader.salt(store));
        file.write(bytes, damage.offset());
      }
      file.force();
      return true;
    }
  }

  /** An empty one; {@link #bridge} then says how many records it lost. */
  private boolean segment(Damage damage) throws IOException {
    try (LogFile file = files.create(damage.segment())) {
      file.write(headerOf(damage.segment(), damage.sequence()), 0);
      file.force();
    }
    files.forceDirectory();
    return true;
  }

  /** Ends a segment with a record that stands for {@code lost} records, which are nowhere. */
  public void bridge(int segment, long sequence, long lost) throws IOException {
    try (LogFile file = files.openForRepair(segment)) {
      bridge(file, sequence, lost);
      file.force();
    }
  }

  private void bridge(LogFile file, long sequence, long lost) throws IOException {
    RecordHeader record =
        new RecordHeader(RecordHeader.Type.LOST, 0, sequence, sequence - 1, lost, 0);
    ByteBuffer bytes = ByteBuffer.allocate(RecordHeader.OCTETS);
    record.put(bytes, 0, RecordHeader.salt(store));
    file.write(bytes, file.size());
  }

  private ByteBuffer headerOf(int segment, long sequence) {
    return new SegmentHeader(SegmentHeader.FORMAT, segment, store, sequence).encode();
  }

  private static void keep(LogFile file, long offset, long octets, Aside aside) throws IOException {
    long at = offset;
    long end = Math.min(offset + octets, file.size());
    while (at < end) {
      ByteBuffer chunk = ByteBuffer.allocate((int) Math.min(CHUNK_OCTETS, end - at));
      at += fill(file, chunk, at);
      aside.put(chunk.flip());
    }
    aside.secure();
  }

  private static int crc(LogFile file, long offset, long length) throws IOException {
    CRC32C crc = new CRC32C();
    long at = offset;
    while (at < offset + length) {
      ByteBuffer chunk = ByteBuffer.allocate((int) Math.min(CHUNK_OCTETS, offset + length - at));
      at += fill(file, chunk, at);
      crc.update(chunk.flip());
    }
    return (int) crc.getValue();
  }

  private static int fill(LogFile file, ByteBuffer chunk, long offset) throws IOException {
    while (chunk.hasRemaining()) {
      if (file.read(chunk, offset + chunk.position()) < 0) {
        throw new IOException("the segment ends at " + (offset + chunk.position()));
      }
    }
    return chunk.position();
  }
}
