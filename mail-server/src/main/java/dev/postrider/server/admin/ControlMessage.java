package dev.postrider.server.admin;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.ProtocolException;
import java.net.URLDecoder;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * What goes over the control socket, either way: a word, and rows of fields.
 *
 * <pre>
 * POSTRIDER-CONTROL 1 account-add
 * address=alice%40example.org
 * password=...
 *
 * .
 * </pre>
 *
 * <p>The first line names the version; a row ends with an empty line, the message with a dot.
 * Values are percent-encoded UTF-8, so that no value can look like anything else.
 */
record ControlMessage(String word, List<Map<String, String>> rows) {

  private static final String HEAD = "POSTRIDER-CONTROL 1 ";

  ControlMessage {
    rows = List.copyOf(rows);
  }

  void write(OutputStream out) throws IOException {
    StringBuilder text = new StringBuilder(HEAD).append(word).append('\n');
    for (Map<String, String> row : rows) {
      row.forEach(
          (key, value) ->
              text.append(key)
                  .append('=')
                  .append(URLEncoder.encode(value, StandardCharsets.UTF_8))
                  .append('\n'));
      text.append('\n');
    }
    out.write(text.append(".\n").toString().getBytes(StandardCharsets.US_ASCII));
    out.flush();
  }

  /**
   * @param octetsMax after which the other side is taken for broken
   */
  static ControlMessage read(InputStream in, int octetsMax) throws IOException {
    Lines lines = new Lines(in, octetsMax);
    String head = lines.next();
    if (!head.startsWith(HEAD)) {
      throw new ProtocolException(
          head.startsWith(HEAD.substring(0, HEAD.length() - 2))
              ? "the other side speaks another version; use the program of the running server"
              : "the other side does not speak this protocol");
    }
    List<Map<String, String>> rows = new ArrayList<>();
    Map<String, String> row = new LinkedHashMap<>();
    for (String line = lines.next(); !line.equals("."); line = lines.next()) {
      int equals = line.indexOf('=');
      if (line.isEmpty()) {
        rows.add(row);
        row = new LinkedHashMap<>();
      } else if (equals > 0) {
        row.put(line.substring(0, equals), decode(line.substring(equals + 1)));
      } else {
        throw new ProtocolException("a line without '='");
      }
    }
    return new ControlMessage(head.substring(HEAD.length()), rows);
  }

  private static String decode(String value) throws ProtocolException {
    try {
      return URLDecoder.decode(value, StandardCharsets.UTF_8);
    } catch (IllegalArgumentException badlyEncoded) {
      throw new ProtocolException("a value that is badly encoded");
    }
  }

  /** Reads lines of ASCII within a budget. */
  private static final class Lines {
    private final InputStream in;
    private int octetsLeft;

    Lines(InputStream in, int octetsMax) {
      this.in = in;
      this.octetsLeft = octetsMax;
    }

    String next() throws IOException {
      StringBuilder line = new StringBuilder();
      for (int octet = in.read(); octet != '\n'; octet = in.read()) {
        if (octet < 0) {
          throw new ProtocolException("the other side closed the connection");
        }
        if (--octetsLeft < 0) {
          throw new ProtocolException("the message is too long");
        }
        line.append((char) octet);
      }
      return line.toString();
    }
  }
}
