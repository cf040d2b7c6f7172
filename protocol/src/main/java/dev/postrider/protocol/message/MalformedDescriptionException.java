package dev.postrider.protocol.message;

import java.io.IOException;

/** Octets that are no description: of another version, cut, or damaged. */
public final class MalformedDescriptionException extends IOException {

  private static final long serialVersionUID = 1L;

  MalformedDescriptionException(String message) {
    super(message);
  }
}
