package dev.postrider.protocol.message;

import java.io.IOException;
import java.io.InputStream;

/**
 * Something encoded, read without its encoding. Memory: a block on the way in and one on the way
 * out, whatever the lines are like. Thread: one at a time.
 */
abstract class DecodingInput extends InputStream {

  private static final int BLOCK_OCTETS = 8192;

  private final InputStream in;
  private final byte[] encoded = new byte[BLOCK_OCTETS];
  private int position;
  private int limit;
  private final byte[] decoded;
  private int from;
  private int to;

  /**
   * Takes {@code in} over.
   *
   * @param stepOctetsMax that one {@link #step} may put
   */
  DecodingInput(InputStream in, int stepOctetsMax) {
    this.in = in;
    this.decoded = new byte[BLOCK_OCTETS + stepOctetsMax];
  }

  /** Decodes some octets, or none. False at the end, and then again and again. */
  abstract boolean step() throws IOException;

  /** The octet {@code distance} octets ahead, 0 to 255, which stays there; -1 behind the end. */
  final int peek(int distance) throws IOException {
    while (limit - position <= distance) {
      System.arraycopy(encoded, position, encoded, 0, limit - position);
      limit -= position;
      position = 0;
      int count = in.read(encoded, limit, encoded.length - limit);
      if (count < 0) {
        return -1;
      }
      limit += count;
    }
    return encoded[position + distance] & 0xff;
  }

  /** Passes over octets that were seen by {@link #peek}. */
  final void skip(int octets) {
    position += octets;
  }

  final void put(int octet) {
    decoded[to++] = (byte) octet;
  }

  @Override
  public int read() throws IOException {
    return fill() ? decoded[from++] & 0xff : -1;
  }

  @Override
  public int read(byte[] into, int offset, int length) throws IOException {
    if (length == 0) {
      return 0;
    }
    if (!fill()) {
      return -1;
    }
    int count = Math.min(length, to - from);
    System.arraycopy(decoded, from, into, offset, count);
    from += count;
    return count;
  }

  /** Whether there is something decoded. */
  private boolean fill() throws IOException {
    if (from < to) {
      return true;
    }
    from = 0;
    to = 0;
    while (to < BLOCK_OCTETS) {
      if (!step()) {
        break;
      }
    }
    return to > 0;
  }

  @Override
  public void close() throws IOException {
    in.close();
  }
}
