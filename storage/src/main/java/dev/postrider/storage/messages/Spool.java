package dev.postrider.storage.messages;

import java.io.IOException;
import java.io.OutputStream;

/**
 * Where a message is while it is received: memory up to {@link #MEMORY_OCTETS_MAX}, then a file
 * that is gone when it is closed or the server starts again.
 */
public interface Spool {

  int MEMORY_OCTETS_MAX = 256 * 1024;

  Spooled begin() throws IOException;

  /** One message being received. Write all of it, then read it as often as needed, then close. */
  interface Spooled extends MessageSource, AutoCloseable {
    OutputStream out();

    @Override
    void close();
  }
}
