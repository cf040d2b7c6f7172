package dev.postrider.server.transfer;

import java.io.IOException;
import java.io.InputStream;

/**
 * A message of a file as the store has it. Its first line decides: when that ends in CRLF, the file
 * has the message as it was sent and nothing is changed; else every LF without a CR before it
 * becomes CRLF.
 */
final class CrlfInput extends InputStream {

  private static final int BLOCK_OCTETS = 16 * 1024;

  private enum Mode {
    UNDECIDED,
    AS_IS,
    ADD_CR
  }

  private final InputStream in;
  private final byte[] block = new byte[BLOCK_OCTETS];
  private int position;
  private int limit;
  private Mode mode = Mode.UNDECIDED;
  private boolean afterCr;

  CrlfInput(InputStream in) {
    this.in = in;
  }

  @Override
  public int read() throws IOException {
    byte[] one = new byte[1];
    return read(one, 0, 1) < 0 ? -1 : one[0] & 0xFF;
  }

  @Override
  public int read(byte[] into, int offset, int length) throws IOException {
    if (length == 0) {
      return 0;
    }
    if (position == limit && !fill()) {
      return -1;
    }
    int to = offset;
    int end = offset + length;
    while (to < end && position < limit) {
      byte octet = block[position];
      if (octet == '\n') {
        decide();
        if (mode == Mode.ADD_CR && !afterCr) {
          into[to++] = '\r';
          afterCr = true;
          continue;
        }
      }
      into[to++] = octet;
      afterCr = octet == '\r';
      position++;
    }
    return to - offset;
  }

  private void decide() {
    if (mode == Mode.UNDECIDED) {
      mode = afterCr ? Mode.AS_IS : Mode.ADD_CR;
    }
  }

  private boolean fill() throws IOException {
    int count = in.read(block);
    while (count == 0) {
      count = in.read(block);
    }
    position = 0;
    limit = Math.max(0, count);
    return count > 0;
  }

  @Override
  public void close() throws IOException {
    in.close();
  }
}
