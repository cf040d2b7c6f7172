package dev.postrider.storage.log;

import java.io.IOException;

/** The bytes of a message could not be read, or were more or fewer than it said. */
final class SourceException extends IOException {

  private static final long serialVersionUID = 1L;

  SourceException(String message) {
    super(message);
  }

  SourceException(String message, Throwable cause) {
    super(message, cause);
  }
}
