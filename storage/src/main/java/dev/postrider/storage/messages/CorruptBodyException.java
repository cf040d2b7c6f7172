package dev.postrider.storage.messages;

import java.io.IOException;

/** The bytes of a message on the disk are not those that were written. */
public final class CorruptBodyException extends IOException {

  private static final long serialVersionUID = 1L;

  public CorruptBodyException(String message) {
    super(message);
  }
}
