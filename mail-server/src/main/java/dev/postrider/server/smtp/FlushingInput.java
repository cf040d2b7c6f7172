package dev.postrider.server.smtp;

import dev.postrider.server.net.Connection;
import java.io.IOException;
import java.io.InputStream;

/** Sends what was written before it waits for the peer: a peer may be waiting for just that. */
final class FlushingInput extends InputStream {

  private final Connection connection;

  FlushingInput(Connection connection) {
    this.connection = connection;
  }

  @Override
  public int read() throws IOException {
    connection.out().flush();
    return connection.in().read();
  }

  @Override
  public int read(byte[] into, int offset, int length) throws IOException {
    connection.out().flush();
    return connection.in().read(into, offset, length);
  }
}
