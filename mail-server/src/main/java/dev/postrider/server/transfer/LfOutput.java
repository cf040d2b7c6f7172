package dev.postrider.server.transfer;

import java.io.FilterOutputStream;
import java.io.IOException;
import java.io.OutputStream;

/**
 * A message of the store as files have it: CRLF becomes LF. {@link #isReversible} tells afterwards
 * whether {@link CrlfInput} makes the same message of it again; if not, write the message as it is.
 */
final class LfOutput extends FilterOutputStream {

  private final byte[] block = new byte[16 * 1024];
  private int size;
  private long octets;
  private boolean pendingCr;
  private boolean afterCr;
  private boolean reversible = true;

  LfOutput(OutputStream out) {
    super(out);
  }

  @Override
  public void write(int octet) throws IOException {
    write(new byte[] {(byte) octet}, 0, 1);
  }

  @Override
  public void write(byte[] bytes, int offset, int length) throws IOException {
    octets += length;
    for (int i = offset; i < offset + length; i++) {
      byte octet = bytes[i];
      if (octet == '\n') {
        // A LF alone would come back as CRLF; so would CR CR LF as CR LF.
        reversible &= pendingCr && !afterCr;
        pendingCr = false;
        afterCr = false;
        put(octet);
        continue;
      }
      putPending();
      if (octet == '\r') {
        pendingCr = true;
      } else {
        afterCr = false;
        put(octet);
      }
    }
  }

  private void putPending() throws IOException {
    if (pendingCr) {
      put((byte) '\r');
      pendingCr = false;
      afterCr = true;
    }
  }

  private void put(byte octet) throws IOException {
    if (size == block.length) {
      flushBlock();
    }
    block[size++] = octet;
  }

  private void flushBlock() throws IOException {
    out.write(block, 0, size);
    size = 0;
  }

  /** Writes what is held back; the message is whole now. The stream below stays open. */
  void end() throws IOException {
    putPending();
    flushBlock();
  }

  boolean isReversible() {
    return reversible;
  }

  /** Octets that came in, with CRLF. */
  long octets() {
    return octets;
  }
}
