package dev.postrider.client.session;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import java.io.BufferedInputStream;
import java.io.ByteArrayOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.Socket;
import java.util.ArrayList;
import java.util.List;

/** Lines to and from a socket, of a length that cannot hurt. */
final class Lines {
  /** RFC 9051 section 4 has no limit; capability lists stay far below. Octets. */
  private static final int LINE_OCTETS_MAX = 16_384;

  private final InputStream in;
  private final OutputStream out;

  Lines(Socket socket) throws IOException {
    this.in = new BufferedInputStream(socket.getInputStream());
    this.out = socket.getOutputStream();
  }

  /** The next line without its end. */
  String read() throws IOException {
    ByteArrayOutputStream line = new ByteArrayOutputStream();
    for (int octet = in.read(); octet != '\n'; octet = in.read()) {
      if (octet < 0) {
        throw new EOFException("the connection was closed");
      }
      if (line.size() == LINE_OCTETS_MAX) {
        throw new IOException("a line of over " + LINE_OCTETS_MAX + " octets");
      }
      line.write(octet);
    }
    return line.toString(ISO_8859_1).stripTrailing();
  }

  /**
   * An SMTP reply, whose lines but the last have a hyphen after the code. RFC 5321 section 4.2.1.
   */
  List<String> reply(int linesMax) throws IOException {
    List<String> lines = new ArrayList<>();
    while (lines.size() < linesMax) {
      String line = read();
      lines.add(line);
      if (line.length() < 4 || line.charAt(3) != '-') {
        return lines;
      }
    }
    throw new IOException("a reply of over " + linesMax + " lines");
  }

  void send(String line) throws IOException {
    out.write((line + "\r\n").getBytes(ISO_8859_1));
    out.flush();
  }
}
