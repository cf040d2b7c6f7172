package dev.postrider.protocol.message;

import java.io.IOException;

/** A header has more octets or fields than are read into memory. */
public final class HeaderLimitException extends IOException {

  HeaderLimitException(String message) {
    super(message);
  }
}
