package dev.postrider.storage.log;

import java.io.Closeable;
import java.io.IOException;
import java.io.InputStream;

/**
 * Reads a message that is to be appended. Whatever goes wrong there is the fault of the message,
 * not of the log, and is thrown as {@link SourceException}.
 */
final class SourceReader implements Closeable {

  private final InputStream in;

  /** Opens a message, or what it is packed into. */
  @FunctionalInterface
  interface Opening {
    InputStream open() throws IOException;
  }

  SourceReader(Opening source) throws SourceException {
    try {
      this.in = source.open();
    } catch (IOException | RuntimeException e) {
      throw failure(e);
    }
  }

  int read(byte[] chunk) throws SourceException {
    try {
      return in.read(chunk);
    } catch (IOException | RuntimeException e) {
      throw failure(e);
    }
  }

  @Override
  public void close() throws SourceException {
    try {
      in.close();
    } catch (IOException | RuntimeException e) {
      throw failure(e);
    }
  }

  private static SourceException failure(Exception e) {
    return new SourceException("cannot read the message: " + e.getMessage(), e);
  }
}
