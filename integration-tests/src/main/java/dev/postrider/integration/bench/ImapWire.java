package dev.postrider.integration.bench;

import static java.nio.charset.StandardCharsets.US_ASCII;

import java.io.Closeable;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.file.Path;
import java.util.function.Consumer;

/**
 * An IMAP connection over TLS that sends commands and throws away what comes back, as fast as it
 * can: what it measures is the server.
 */
final class ImapWire implements Closeable {

  /**
   * What a command brought.
   *
   * @param lines untagged responses
   * @param octets of everything, literals included
   */
  record Reply(long lines, long octets, long nanos) {}

  private final Socket socket;
  private final InputStream in;
  private final OutputStream out;
  private final byte[] read = new byte[1 << 16];
  private int from;
  private int to;
  private int tags;
  private long octets;

  private ImapWire(Socket socket) throws IOException {
    this.socket = socket;
    this.in = socket.getInputStream();
    this.out = socket.getOutputStream();
  }

  /** Believes the certificate in the file {@code pem} alone. */
  static ImapWire open(int port, Path pem) throws IOException {
    ImapWire wire =
        new ImapWire(
            ServerTls.believing(pem)
                .getSocketFactory()
                .createSocket(InetAddress.getLoopbackAddress(), port));
    wire.line();
    return wire;
  }

  /** Sends a command and waits for its end. Throws unless that is OK. */
  Reply run(String command) throws IOException {
    return run(command, line -> {});
  }

  /** How many messages are in {@code mailbox}, which is not selected. */
  long messages(String mailbox) throws IOException {
    long[] count = {-1};
    run(
        "STATUS " + mailbox + " (MESSAGES)",
        line -> {
          int key = line.startsWith("* STATUS ") ? line.lastIndexOf("(MESSAGES ") : -1;
          if (key >= 0) {
            count[0] =
                Long.parseLong(line.substring(line.indexOf(' ', key) + 1, line.indexOf(')', key)));
          }
        });
    if (count[0] < 0) {
      throw new IOException("STATUS told nothing");
    }
    return count[0];
  }

  /** The same; each untagged response goes to {@code untagged}, up to its first literal. */
  Reply run(String command, Consumer<String> untagged) throws IOException {
    String tag = "a" + ++tags;
    octets = 0;
    long lines = 0;
    long begin = System.nanoTime();
    out.write((tag + " " + command + "\r\n").getBytes(US_ASCII));
    out.flush();
    while (true) {
      String line = line();
      if (line.startsWith(tag + " ")) {
        if (!line.startsWith(tag + " OK")) {
          throw new IOException(command + " was answered with: " + line);
        }
        return new Reply(lines, octets, System.nanoTime() - begin);
      }
      lines++;
      untagged.accept(line);
      long literal = literal(line);
      while (literal >= 0) {
        skip(literal);
        literal = literal(line());
      }
    }
  }

  /** Sends {@code message} to the end of {@code mailbox} by a literal that does not wait. */
  void append(String mailbox, byte[] message) throws IOException {
    out.write(("A APPEND " + mailbox + " {" + message.length + "+}\r\n").getBytes(US_ASCII));
    out.write(message);
    out.write("\r\n".getBytes(US_ASCII));
  }

  /** Waits for the answers to so many {@link #append}s. */
  void awaitAppends(int count) throws IOException {
    out.flush();
    for (int left = count; left > 0; ) {
      String line = line();
      if (line.startsWith("A ")) {
        if (!line.startsWith("A OK")) {
          throw new IOException("APPEND was answered with: " + line);
        }
        left--;
      }
    }
  }

  private static long literal(String line) {
    int open = line.endsWith("}") ? line.lastIndexOf('{') : -1;
    return open < 0 ? -1 : Long.parseLong(line.substring(open + 1, line.length() - 1));
  }

  /** A line without its end, however it was split up on its way. */
  private String line() throws IOException {
    StringBuilder before = new StringBuilder();
    while (true) {
      for (int i = from; i < to; i++) {
        if (read[i] == '\n') {
          String rest = new String(read, from, i - from, US_ASCII);
          octets += i + 1 - from;
          from = i + 1;
          String line = before.isEmpty() ? rest : before.append(rest).toString();
          return line.endsWith("\r") ? line.substring(0, line.length() - 1) : line;
        }
      }
      before.append(new String(read, from, to - from, US_ASCII));
      octets += to - from;
      fill();
    }
  }

  private void skip(long count) throws IOException {
    octets += count;
    long left = count - (to - from);
    while (left > 0) {
      fill();
      left -= to;
    }
    from = (int) (to + left);
  }

  /** After all that was read is used. */
  private void fill() throws IOException {
    from = 0;
    to = in.read(read);
    if (to < 0) {
      throw new IOException("the server closed the connection");
    }
  }

  @Override
  public void close() throws IOException {
    socket.close();
  }
}
