package dev.postrider.server.relay;

import java.io.IOException;

/** The peer offered STARTTLS, but nothing came of it. The connection is of no more use. */
final class TlsFailedException extends IOException {

  private static final long serialVersionUID = 1L;

  TlsFailedException(IOException cause) {
    super(cause.toString(), cause);
  }
}
