package dev.postrider.integration.bench;

import static java.nio.charset.StandardCharsets.US_ASCII;

import java.io.BufferedReader;
import java.io.Closeable;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.Socket;

/** Delivers small messages to one recipient, each when it is asked to. By SMTP or LMTP. */
final class OneByOne implements Closeable {

  private static final String MESSAGE =
      """
      From: Load <load@example.test>
      Subject: one of many
      Message-ID: <%d@example.test>

      Hello.
      .
      """
          .replace("\n", "\r\n");

  private final Socket socket;
  private final OutputStream out;
  private final BufferedReader in;
  private final String recipient;
  private int sent;

  /**
   * A delivery, by the clock of {@link System#nanoTime}.
   *
   * @param sent before its last octets went out
   * @param acknowledged when its 250 had come
   */
  record Delivered(long sent, long acknowledged) {}

  /**
   * @param hello EHLO, or LHLO for LMTP
   */
  OneByOne(int port, String hello, String recipient) throws IOException {
    this.socket = new Socket(InetAddress.getLoopbackAddress(), port);
    socket.setTcpNoDelay(true);
    this.out = socket.getOutputStream();
    this.in = new BufferedReader(new InputStreamReader(socket.getInputStream(), US_ASCII));
    this.recipient = recipient;
    expect("220");
    say(hello + " bench.example.test\r\n", "250");
  }

  Delivered deliver() throws IOException {
    say("MAIL FROM:<load@example.test>\r\n", "250");
    say("RCPT TO:<" + recipient + ">\r\n", "250");
    say("DATA\r\n", "354");
    byte[] message = MESSAGE.formatted(++sent).getBytes(US_ASCII);
    long begin = System.nanoTime();
    out.write(message);
    out.flush();
    expect("250");
    return new Delivered(begin, System.nanoTime());
  }

  private void say(String command, String code) throws IOException {
    out.write(command.getBytes(US_ASCII));
    out.flush();
    expect(code);
  }

  private void expect(String code) throws IOException {
    String line;
    do {
      line = in.readLine();
      if (line == null || !line.startsWith(code)) {
        throw new IOException("expected " + code + ", got " + line);
      }
    } while (line.startsWith("-", 3));
  }

  @Override
  public void close() throws IOException {
    socket.close();
  }
}
