package dev.postrider.server.imap;

import java.io.IOException;
import java.io.InputStream;

/**
 * Reads a message block by block for somebody who wants it octet by octet. Unlike
 * BufferedInputStream it takes no lock for each octet, which tells when the headers of 100 000
 * messages are read. Belongs to one thread.
 */
final class BlockInput extends InputStream {

  private static final int BLOCK_OCTETS = 8192;

  private final InputStream in;
  private final byte[] block = new byte[BLOCK_OCTETS];
  private int position;
  private int limit;

  /** Takes {@code in} over. */
  BlockInput(InputStream in) {
    this.in = in;
  }

  @Override
  public int read() throws IOException {
    if (position == limit && !fill()) {
      return -1;
    }
    return block[position++] & 0xff;
  }

  @Override
  public int read(byte[] into, int offset, int length) throws IOException {
    if (length == 0) {
      return 0;
    }
    if (position == limit && !fill()) {
      return -1;
    }
    int count = Math.min(length, limit - position);
    System.arraycopy(block, position, into, offset, count);
    position += count;
    return count;
  }

  private boolean fill() throws IOException {
    int count = in.read(block, 0, block.length);
    position = 0;
    limit = Math.max(count, 0);
    return count > 0;
  }

  @Override
  public void close() throws IOException {
    in.close();
  }
}
