package dev.postrider.storage.changes;

import java.io.IOException;

/** Bytes that are no changes, although their checksum was right: a newer format, or a defect. */
public final class MalformedChangeException extends IOException {

  private static final long serialVersionUID = 1L;

  MalformedChangeException(String message) {
    super(message);
  }

  MalformedChangeException(String message, Throwable cause) {
    super(message, cause);
  }
}
