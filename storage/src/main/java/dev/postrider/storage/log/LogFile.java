package dev.postrider.storage.log;

import java.io.Closeable;
import java.io.IOException;
import java.nio.ByteBuffer;

/**
 * A file of the log. Between the log and the disk, so that tests can make the disk lie. Every
 * method may be called from any thread; positions are octets from the start of the file.
 */
public interface LogFile extends Closeable {

  /**
   * Writes all of {@code bytes}.
   *
   * @throws NoSpaceException when the disk is full; some of the bytes may be written
   */
  void write(ByteBuffer bytes, long position) throws IOException;

  /** Reads up to {@code bytes.remaining()}; -1 at the end of the file. */
  int read(ByteBuffer bytes, long position) throws IOException;

  /** Returns when everything written before is on the disk. After a failure nobody knows. */
  void force() throws IOException;

  void truncate(long size) throws IOException;

  long size() throws IOException;
}
