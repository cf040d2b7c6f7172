package dev.postrider.server.transfer;

import java.io.FilterOutputStream;
import java.io.IOException;
import java.io.OutputStream;

/** Writes a message as mboxrd has it: a line {@code >…From } gets one {@code >} more. */
final class FromQuoting extends FilterOutputStream {

  /** A line that is not, or no more, one that could be {@code >…From }. */
  private static final int DECIDED = -1;

  private final byte[] block = new byte[16 * 1024];
  private int size;

  /** Signs of quotation that this line began with, and were not written yet. */
  private int quotes;

  /** Characters of {@code From } that matched and were not written yet, or {@link #DECIDED}. */
  private int matched;

  private boolean endsInLf;

  FromQuoting(OutputStream out) {
    super(out);
  }

  @Override
  public void write(int octet) throws IOException {
    write(new byte[] {(byte) octet}, 0, 1);
  }

  @Override
  public void write(byte[] bytes, int offset, int length) throws IOException {
    for (int i = offset; i < offset + length; i++) {
      one(bytes[i]);
    }
    if (length > 0) {
      endsInLf = bytes[offset + length - 1] == '\n';
    }
  }

  private void one(byte octet) throws IOException {
    if (matched != DECIDED) {
      if (matched == 0 && octet == '>') {
        quotes++;
        return;
      }
      if (octet == FromLine.PREFIX.charAt(matched)) {
        matched++;
        if (matched == FromLine.PREFIX.length()) {
          quotes++;
          decide();
        }
        return;
      }
      decide();
    }
    put(octet);
    matched = octet == '\n' ? 0 : DECIDED;
  }

  private void decide() throws IOException {
    int held = matched;
    matched = DECIDED;
    for (; quotes > 0; quotes--) {
      put((byte) '>');
    }
    for (int i = 0; i < held; i++) {
      put((byte) FromLine.PREFIX.charAt(i));
    }
  }

  private void put(byte octet) throws IOException {
    if (size == block.length) {
      out.write(block, 0, size);
      size = 0;
    }
    block[size++] = octet;
  }

  /** Ends the message: its last line with LF, and the blank line behind it. */
  void end() throws IOException {
    if (matched != DECIDED) {
      decide();
    }
    if (!endsInLf) {
      put((byte) '\n');
    }
    put((byte) '\n');
    out.write(block, 0, size);
    size = 0;
  }
}
