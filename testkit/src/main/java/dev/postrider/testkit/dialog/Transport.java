package dev.postrider.testkit.dialog;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;

/**
 * A connection as a dialog needs it. Reads fail with {@link java.net.SocketTimeoutException} when
 * nothing comes for the transport's time limit.
 */
public interface Transport extends AutoCloseable {

  InputStream in();

  OutputStream out();

  /** Makes the handshake as the client. Nothing is being read or written meanwhile. */
  void startTls() throws IOException;

  /** Ends our direction; the other stays open. */
  void closeOutput() throws IOException;

  @Override
  void close() throws IOException;

  /** Opens the connection of a name. */
  @FunctionalInterface
  interface Opener {
    Transport open(String name) throws IOException;
  }
}
