package dev.postrider.storage.messages;

import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;

/** A message that is a range of something longer. */
record SourceRange(MessageSource whole, long offset, long octets) implements MessageSource {

  SourceRange {
    if (offset < 0 || octets < 0 || octets > whole.octets() - offset) {
      throw new IllegalArgumentException(
          octets + " octets from " + offset + " on, of " + whole.octets());
    }
  }

  @Override
  public InputStream open() throws IOException {
    InputStream in = whole.open();
    try {
      in.skipNBytes(offset);
    } catch (IOException | RuntimeException e) {
      in.close();
      throw e;
    }
    return new Octets(in, octets);
  }

  /** Thread: one at a time. */
  private static final class Octets extends InputStream {
    private final InputStream in;
    private long left;

    Octets(InputStream in, long left) {
      this.in = in;
      this.left = left;
    }

    @Override
    public int read() throws IOException {
      byte[] one = new byte[1];
      return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
    }

    @Override
    public int read(byte[] into, int from, int length) throws IOException {
      if (length == 0) {
        return 0;
      }
      if (left == 0) {
        return -1;
      }
      int count = in.read(into, from, (int) Math.min(left, length));
      if (count < 0) {
        throw new EOFException(left + " octets are missing");
      }
      left -= count;
      return count;
    }

    @Override
    public void close() throws IOException {
      in.close();
    }
  }
}
