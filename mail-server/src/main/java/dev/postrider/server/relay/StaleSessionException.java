package dev.postrider.server.relay;

import java.io.IOException;

/**
 * A session that was kept for another message had ended in the meantime. Nothing of the message was
 * sent, so it is no failed attempt: a new connection is made for it.
 */
final class StaleSessionException extends IOException {

  private static final long serialVersionUID = 1L;

  StaleSessionException(String message) {
    super(message);
  }
}
