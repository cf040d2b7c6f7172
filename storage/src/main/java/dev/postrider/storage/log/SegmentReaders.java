package dev.postrider.storage.log;

import java.io.Closeable;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;

/**
 * Reads bytes of messages out of segments, whether they are still written to or not.
 *
 * <p>A segment is opened at the first read and stays open; reads are positional, so any number of
 * threads share it.
 */
public final class SegmentReaders implements Closeable {

  private final LogFiles files;
  private final ConcurrentMap<Integer, LogFile> open = new ConcurrentHashMap<>();

  public SegmentReaders(LogFiles files) {
    this.files = files;
  }

  /** Fills {@code bytes} from {@code offset} of the segment. */
  public void read(int segment, long offset, ByteBuffer bytes) throws IOException {
    LogFile file = file(segment);
    long at = offset;
    while (bytes.hasRemaining()) {
      int count = file.read(bytes, at);
      if (count < 0) {
        throw new IOException("segment " + segment + " ends at " + at);
      }
      at += count;
    }
  }

  private LogFile file(int segment) throws IOException {
    LogFile present = open.get(segment);
    if (present != null) {
      return present;
    }
    LogFile opened = files.openForReading(segment);
    LogFile other = open.putIfAbsent(segment, opened);
    if (other == null) {
      return opened;
    }
    opened.close();
    return other;
  }

  @Override
  public void close() throws IOException {
    for (LogFile file : open.values()) {
      file.close();
    }
    open.clear();
  }
}
