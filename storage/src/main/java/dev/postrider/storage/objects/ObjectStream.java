package dev.postrider.storage.objects;

import java.io.IOException;
import java.io.InputStream;
import java.util.Objects;
import java.util.Optional;

/**
 * A range of an object. When the connection breaks or ends too early, the rest is asked for again;
 * after a number of times in a row without an octet it gives up.
 */
final class ObjectStream extends InputStream {

  /**
   * A range that is being received.
   *
   * @param octets of it, as the service says
   * @param abort ends the connection, when not all was read
   */
  record Part(InputStream stream, long octets, Runnable abort) {}

  /** Asks the service. */
  interface Source {
    /** Empty when the object has nothing there. */
    Optional<Part> ask(long offset, long length) throws IOException;

    /** What is thrown when it was asked often enough. */
    IOException broken(long octetsMissing, IOException cause);
  }

  private final Source source;
  private final int attempts;
  private final long end;
  private long at;
  private int failures;
  private Part part;
  private boolean closed;

  /**
   * @param part the range from {@code at} to {@code end}, opened
   * @param attempts in a row that may bring nothing
   */
  ObjectStream(Source source, Part part, long at, long end, int attempts) {
    this.source = source;
    this.part = part;
    this.at = at;
    this.end = end;
    this.attempts = attempts;
  }

  @Override
  public int read() throws IOException {
    byte[] one = new byte[1];
    return read(one, 0, 1) < 0 ? -1 : one[0] & 0xFF;
  }

  @Override
  public int read(byte[] bytes, int offset, int length) throws IOException {
    Objects.checkFromIndexSize(offset, length, bytes.length);
    if (closed) {
      throw new IOException("closed");
    }
    if (length == 0) {
      return 0;
    }
    while (at < end) {
      int count = readPart(bytes, offset, (int) Math.min(length, end - at));
      if (count > 0) {
        failures = 0;
        at += count;
        return count;
      }
    }
    return -1;
  }

  /** Octets read; 0 when the connection was made again. */
  private int readPart(byte[] bytes, int offset, int length) throws IOException {
    IOException broken;
    try {
      int count = part.stream().read(bytes, offset, length);
      if (count > 0) {
        return count;
      }
      broken = new IOException("end of the answer");
    } catch (IOException e) {
      broken = e;
    }
    part.abort().run();
    failures++;
    if (failures >= attempts) {
      throw source.broken(end - at, broken);
    }
    IOException cause = broken;
    part = source.ask(at, end - at).orElseThrow(() -> source.broken(end - at, cause));
    return 0;
  }

  @Override
  public void close() throws IOException {
    if (closed) {
      return;
    }
    closed = true;
    if (at < end) {
      part.abort().run();
    } else {
      part.stream().close();
    }
  }
}
