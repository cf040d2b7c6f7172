package dev.postrider.protocol.message;

import java.io.IOException;
import java.io.InputStream;

/**
 * RFC 2045 section 6.7. Lines end in CRLF, whatever ended them; white space before that is none of
 * the text. An equals sign that begins nothing stands for itself.
 */
final class QuotedPrintableDecoding extends DecodingInput {

  /** White space that is held until it is known what follows. Lines have 76 octets. */
  private static final int SPACE_OCTETS_MAX = 1000;

  private static final int RADIX = 16;

  private final byte[] space = new byte[SPACE_OCTETS_MAX];
  private int spaces;

  /** An equals sign came before the white space, if any: the line's end, or itself. */
  private boolean soft;

  QuotedPrintableDecoding(InputStream in) {
    super(in, SPACE_OCTETS_MAX + 4);
  }

  @Override
  boolean step() throws IOException {
    int octet = peek(0);
    if (octet < 0) {
      return false;
    }
    skip(1);
    switch (octet) {
      case ' ', '\t' -> {
        if (spaces == SPACE_OCTETS_MAX) {
          putHeld();
        }
        space[spaces++] = (byte) octet;
      }
      case '\n' -> endLine();
      case '\r' -> {
        if (peek(0) == '\n') {
          skip(1);
          endLine();
        } else {
          putHeld();
          put(octet);
        }
      }
      case '=' -> {
        putHeld();
        escape();
      }
      default -> {
        putHeld();
        put(octet);
      }
    }
    return true;
  }

  private void escape() throws IOException {
    int high = Character.digit(peek(0), RADIX);
    int low = high < 0 ? -1 : Character.digit(peek(1), RADIX);
    if (low >= 0) {
      skip(2);
      put(high * RADIX + low);
    } else {
      soft = true;
    }
  }

  private void endLine() {
    spaces = 0;
    if (!soft) {
      put('\r');
      put('\n');
    }
    soft = false;
  }

  /** What was held does not end the line. */
  private void putHeld() {
    if (soft) {
      put('=');
      soft = false;
    }
    for (int i = 0; i < spaces; i++) {
      put(space[i]);
    }
    spaces = 0;
  }
}
