package dev.postrider.integration;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.US_ASCII;

import dev.postrider.testkit.dialog.SocketTransport;
import java.io.BufferedInputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.time.Duration;

/** The least of an SMTP client: one session that sends messages and tells whether they got 250. */
final class Letter implements AutoCloseable {

  private final SocketTransport transport;
  private final InputStream in;
  private final OutputStream out;

  private Letter(int port) throws IOException {
    this.transport =
        SocketTransport.connect(
            new InetSocketAddress(InetAddress.getLoopbackAddress(), port), Duration.ofSeconds(60));
    this.in = new BufferedInputStream(transport.in());
    this.out = transport.out();
  }

  /** Connects to port 25 of a server. */
  static Letter to(int port) throws IOException {
    Letter letter = new Letter(port);
    letter.expect("220");
    letter.say("EHLO letter.test");
    letter.expect("250");
    return letter;
  }

  /** Sends one; returns once it is acknowledged, else throws. Lines that begin with a dot: none. */
  void send(String from, String to, byte[] message) throws IOException {
    say("MAIL FROM:<" + from + ">");
    expect("250");
    say("RCPT TO:<" + to + ">");
    expect("250");
    say("DATA");
    expect("354");
    out.write(message);
    say(".");
    expect("250");
  }

  private void say(String line) throws IOException {
    out.write((line + "\r\n").getBytes(US_ASCII));
    out.flush();
  }

  private void expect(String code) throws IOException {
    String line;
    do {
      line = line();
      if (!line.startsWith(code)) {
        throw new IOException("expected " + code + ", got " + line);
      }
    } while (line.startsWith("-", 3));
  }

  private String line() throws IOException {
    StringBuilder line = new StringBuilder();
    int octet = in.read();
    while (octet != '\n') {
      if (octet < 0) {
        throw new EOFException("the server hung up");
      }
      line.append(new String(new byte[] {(byte) octet}, ISO_8859_1));
      octet = in.read();
    }
    return line.toString();
  }

  @Override
  public void close() throws IOException {
    transport.close();
  }
}
