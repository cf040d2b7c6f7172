package dev.postrider.server.relay;

import java.io.Closeable;
import java.io.IOException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Closes what is of no more use; whether that succeeds changes nothing. */
final class Quietly {

  private static final Logger log = LoggerFactory.getLogger(Quietly.class);

  private Quietly() {}

  static void close(Closeable each) {
    try {
      each.close();
    } catch (IOException failure) {
      log.debug("relay.close-failed cause=\"{}\"", failure.getMessage());
    }
  }
}
