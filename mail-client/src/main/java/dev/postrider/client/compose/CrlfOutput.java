package dev.postrider.client.compose;

import java.io.FilterOutputStream;
import java.io.IOException;
import java.io.OutputStream;

/** Writes every line end, CR, LF or CRLF, as CRLF, and notes size and 8-bit octets on the way. */
final class CrlfOutput extends FilterOutputStream {
  private boolean afterCr;
  private boolean eightBit;
  private long size;

  CrlfOutput(OutputStream out) {
    super(out);
  }

  /** Octets written so far. */
  long size() {
    return size;
  }

  boolean eightBit() {
    return eightBit;
  }

  @Override
  public void write(int octet) throws IOException {
    int o = octet & 0xFF;
    if (o == '\n' && afterCr) {
      afterCr = false;
      return;
    }
    afterCr = o == '\r';
    if (o == '\r' || o == '\n') {
      out.write('\r');
      out.write('\n');
      size += 2;
      return;
    }
    eightBit |= o > 0x7F;
    out.write(o);
    size++;
  }

  @Override
  public void write(byte[] octets, int from, int length) throws IOException {
    for (int i = from; i < from + length; i++) {
      write(octets[i]);
    }
  }
}
