package dev.postrider.integration.proof;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import dev.postrider.testkit.dialog.SocketTransport;
import java.io.BufferedInputStream;
import java.io.BufferedOutputStream;
import java.io.ByteArrayOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** An IMAP client over TLS that sends a command and gives back everything that was answered. */
final class ImapPeer implements AutoCloseable {

  private static final Duration SILENCE_MAX = Duration.ofSeconds(60);
  private static final Pattern LITERAL = Pattern.compile("\\{(\\d+)}$");

  private final SocketTransport transport;
  private final InputStream in;
  private final OutputStream out;
  private int tags;

  /** A response; where a literal was, its text ends a piece, as in "BODY[] {12}". */
  record Line(String text, List<byte[]> literals) {
    /** The first group of {@code pattern}, which must be there. */
    String find(String pattern) {
      Matcher found = Pattern.compile(pattern).matcher(text);
      if (!found.find()) {
        throw new IllegalStateException("no " + pattern + " in " + text);
      }
      return found.group(1);
    }
  }

  /** The server said NO or BAD, which it has no reason to. */
  static final class Refused extends RuntimeException {
    private static final long serialVersionUID = 1;

    Refused(String command, String reply) {
      super(command + " was answered with " + reply);
    }
  }

  private ImapPeer(SocketTransport transport) {
    this.transport = transport;
    this.in = new BufferedInputStream(transport.in(), 1 << 16);
    this.out = new BufferedOutputStream(transport.out(), 1 << 16);
  }

  /** Logs in at the port for TLS. */
  static ImapPeer login(int port, String user, String password) throws IOException {
    SocketTransport transport =
        SocketTransport.connectTls(
            new InetSocketAddress(InetAddress.getLoopbackAddress(), port), SILENCE_MAX);
    try {
      ImapPeer peer = new ImapPeer(transport);
      peer.response();
      peer.run("LOGIN " + user + " \"" + password + "\"");
      return peer;
    } catch (IOException | RuntimeException e) {
      transport.close();
      throw e;
    }
  }

  /** Everything untagged, and the tagged OK at the end. Throws {@link Refused} at NO and BAD. */
  List<Line> run(String command) throws IOException {
    return run(command, new byte[0]);
  }

  /** The same, with a literal at its end if there is one. */
  List<Line> run(String command, byte[] literal) throws IOException {
    String tag = "t" + ++tags;
    String sized = literal.length == 0 ? "" : " {" + literal.length + "+}\r\n";
    out.write((tag + " " + command + sized).getBytes(ISO_8859_1));
    out.write(literal);
    out.write("\r\n".getBytes(ISO_8859_1));
    out.flush();
    List<Line> lines = new ArrayList<>();
    while (true) {
      Line line = response();
      lines.add(line);
      if (line.text().startsWith(tag + " ")) {
        if (!line.text().startsWith(tag + " OK")) {
          throw new Refused(command, line.text());
        }
        return lines;
      }
    }
  }

  private Line response() throws IOException {
    StringBuilder text = new StringBuilder();
    List<byte[]> literals = new ArrayList<>();
    while (true) {
      String piece = line();
      text.append(piece);
      Matcher literal = LITERAL.matcher(piece);
      if (!literal.find()) {
        return new Line(text.toString(), literals);
      }
      int octets = Integer.parseInt(literal.group(1));
      byte[] bytes = in.readNBytes(octets);
      if (bytes.length < octets) {
        throw new EOFException("the server hung up");
      }
      literals.add(bytes);
    }
  }

  private String line() throws IOException {
    ByteArrayOutputStream line = new ByteArrayOutputStream(128);
    for (int octet = in.read(); octet != '\n'; octet = in.read()) {
      if (octet < 0) {
        throw new EOFException("the server hung up");
      }
      if (octet != '\r') {
        line.write(octet);
      }
    }
    return line.toString(ISO_8859_1);
  }

  @Override
  public void close() throws IOException {
    transport.close();
  }
}
