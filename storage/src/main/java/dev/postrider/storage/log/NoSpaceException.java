package dev.postrider.storage.log;

import java.io.IOException;

/** The disk, or the share of it that we may use, is full. */
public final class NoSpaceException extends IOException {

  private static final long serialVersionUID = 1L;

  public NoSpaceException(String message, Throwable cause) {
    super(message, cause);
  }
}
