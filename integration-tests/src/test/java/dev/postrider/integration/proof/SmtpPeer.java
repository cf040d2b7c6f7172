package dev.postrider.integration.proof;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;

import dev.postrider.testkit.dialog.SocketTransport;
import java.io.BufferedInputStream;
import java.io.BufferedOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.Base64;
import java.util.List;

/** An SMTP client that sends one message after the other and waits for each 250. */
final class SmtpPeer implements AutoCloseable {

  private static final Duration SILENCE_MAX = Duration.ofSeconds(60);

  private final SocketTransport transport;
  private final InputStream in;
  private final OutputStream out;

  private SmtpPeer(SocketTransport transport) throws IOException {
    this.transport = transport;
    this.in = new BufferedInputStream(transport.in());
    this.out = new BufferedOutputStream(transport.out(), 1 << 16);
    expect("220");
    say("EHLO peer.test");
    expect("250");
  }

  private static InetSocketAddress local(int port) {
    return new InetSocketAddress(InetAddress.getLoopbackAddress(), port);
  }

  /** As another server would, in the clear. */
  static SmtpPeer inbound(int port) throws IOException {
    SocketTransport transport = SocketTransport.connect(local(port), SILENCE_MAX);
    try {
      return new SmtpPeer(transport);
    } catch (IOException | RuntimeException e) {
      transport.close();
      throw e;
    }
  }

  /** As a mail program does, over TLS and logged in. */
  static SmtpPeer submission(int port, String user, String password) throws IOException {
    SocketTransport transport = SocketTransport.connectTls(local(port), SILENCE_MAX);
    try {
      SmtpPeer peer = new SmtpPeer(transport);
      byte[] credentials = ("\0" + user + "\0" + password).getBytes(UTF_8);
      peer.say("AUTH PLAIN " + Base64.getEncoder().encodeToString(credentials));
      peer.expect("235");
      return peer;
    } catch (IOException | RuntimeException e) {
      transport.close();
      throw e;
    }
  }

  /** Returns when the message is acknowledged. */
  void send(String from, List<String> recipients, byte[] message) throws IOException {
    String reply = offer(from, recipients, message);
    if (!reply.startsWith("250")) {
      throw new IllegalStateException("a message was answered with " + reply);
    }
  }

  /** The first reply that is not as hoped for, or the one to the message. */
  String offer(String from, List<String> recipients, byte[] message) throws IOException {
    say("MAIL FROM:<" + from + ">");
    String reply = reply();
    for (String recipient : recipients) {
      if (reply.startsWith("250")) {
        say("RCPT TO:<" + recipient + ">");
        reply = reply();
      }
    }
    if (!reply.startsWith("250")) {
      return reset(reply);
    }
    say("DATA");
    reply = reply();
    if (!reply.startsWith("354")) {
      return reset(reply);
    }
    stuff(message);
    say(".");
    return reply();
  }

  private String reset(String reply) throws IOException {
    say("RSET");
    expect("250");
    return reply;
  }

  /** RFC 5321 section 4.5.2. */
  private void stuff(byte[] message) throws IOException {
    byte before = '\n';
    for (byte octet : message) {
      if (before == '\n' && octet == '.') {
        out.write('.');
      }
      out.write(octet);
      before = octet;
    }
  }

  private void say(String line) throws IOException {
    out.write((line + "\r\n").getBytes(ISO_8859_1));
    out.flush();
  }

  private void expect(String code) throws IOException {
    String reply = reply();
    if (!reply.startsWith(code)) {
      throw new IllegalStateException("expected " + code + ", got " + reply);
    }
  }

  /** Its last line. */
  private String reply() throws IOException {
    String line = line();
    while (line.startsWith("-", 3)) {
      line = line();
    }
    return line;
  }

  private String line() throws IOException {
    StringBuilder line = new StringBuilder();
    for (int octet = in.read(); octet != '\n'; octet = in.read()) {
      if (octet < 0) {
        throw new EOFException("the server hung up");
      }
      line.append((char) octet);
    }
    return line.toString().strip();
  }

  @Override
  public void close() throws IOException {
    transport.close();
  }
}
