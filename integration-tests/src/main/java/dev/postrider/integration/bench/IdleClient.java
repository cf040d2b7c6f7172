package dev.postrider.integration.bench;

import static java.nio.charset.StandardCharsets.US_ASCII;

import java.io.Closeable;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.Socket;
import java.util.function.LongConsumer;
import javax.net.ssl.SSLContext;

/** A client that waits in IDLE, over TLS, on a thread of its own. */
final class IdleClient implements Closeable {

  private final Socket socket;
  private final InputStream in;
  private final StringBuilder line = new StringBuilder();

  private IdleClient(Socket socket) throws IOException {
    this.socket = socket;
    this.in = socket.getInputStream();
  }

  /**
   * Comes back when the server has said that it idles.
   *
   * @param exists gets the time, by {@link System#nanoTime}, of each {@code * n EXISTS} from then
   *     on
   */
  static IdleClient open(MailSystem system, SSLContext tls, String address, LongConsumer exists)
      throws IOException {
    IdleClient client =
        new IdleClient(
            tls.getSocketFactory()
                .createSocket(InetAddress.getLoopbackAddress(), system.imapsPort()));
    client.await("* OK");
    client.say("a LOGIN " + address + " " + system.password());
    client.await("a OK");
    client.say("b SELECT INBOX");
    client.await("b OK");
    client.say("c IDLE");
    client.await("+ ");
    Thread.ofVirtual().start(() -> client.listen(exists));
    return client;
  }

  private void listen(LongConsumer exists) {
    try {
      while (true) {
        if (line().endsWith(" EXISTS")) {
          exists.accept(System.nanoTime());
        }
      }
    } catch (IOException e) {
      // It is closed, or whoever waits for what it hears will say so.
      line.setLength(0);
    }
  }

  private void say(String command) throws IOException {
    socket.getOutputStream().write((command + "\r\n").getBytes(US_ASCII));
  }

  private void await(String beginning) throws IOException {
    String said;
    do {
      said = line();
      if (said.matches("[a-z] (NO|BAD) .*")) {
        throw new IOException("refused: " + said);
      }
    } while (!said.startsWith(beginning));
  }

  /** Octet by octet: TLS holds the record that they come from. */
  private String line() throws IOException {
    line.setLength(0);
    while (true) {
      int octet = in.read();
      if (octet < 0) {
        throw new IOException("the server closed the connection");
      }
      if (octet == '\n') {
        return line.toString().stripTrailing();
      }
      line.append((char) octet);
    }
  }

  @Override
  public void close() throws IOException {
    socket.close();
  }
}
