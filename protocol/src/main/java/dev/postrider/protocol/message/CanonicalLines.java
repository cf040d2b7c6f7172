package dev.postrider.protocol.message;

import java.io.IOException;
import java.io.InputStream;

/** A text whose lines end in CRLF, whatever ended them before. RFC 2046 section 4.1.1. */
final class CanonicalLines extends DecodingInput {

  private int previous;

  CanonicalLines(InputStream in) {
    super(in, 2);
  }

  @Override
  boolean step() throws IOException {
    int octet = peek(0);
    if (octet < 0) {
      return false;
    }
    skip(1);
    if (octet == '\n' && previous != '\r') {
      put('\r');
    }
    put(octet);
    previous = octet;
    return true;
  }
}
