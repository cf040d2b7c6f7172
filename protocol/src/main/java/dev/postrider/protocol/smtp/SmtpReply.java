package dev.postrider.protocol.smtp;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * A reply: what a server says to a command. RFC 5321 section 4.2.
 *
 * @param code 200 to 599
 * @param status enhanced status (RFC 2034); absent in greetings, replies to EHLO and 3yz
 * @param lines text without code and status, one element per line, at least one; control characters
 *     become {@code ?}, so that text of a peer or a message cannot add a line
 */
public record SmtpReply(int code, Optional<EnhancedStatus> status, List<String> lines) {

  /** With code and CRLF. RFC 5321 section 4.5.3.1.5; longer texts are broken into several lines. */
  public static final int LINE_OCTETS_MAX = 512;

  public SmtpReply {
    if (code < 200 || code > 599) {
      throw new IllegalArgumentException("no reply code: " + code);
    }
    lines = lines.isEmpty() ? List.of("") : lines.stream().map(SmtpReply::printable).toList();
  }

  /** A reply with an enhanced status, such as {@code of(550, "5.1.1", "no such mailbox")}. */
  public static SmtpReply of(int code, String status, String... lines) {
    Optional<EnhancedStatus> parsed = EnhancedStatus.parse(status);
    if (parsed.isEmpty()) {
      throw new IllegalArgumentException("no enhanced status: " + status);
    }
    return new SmtpReply(code, parsed, List.of(lines));
  }

  /** A reply without enhanced status. */
  public static SmtpReply plain(int code, String... lines) {
    return new SmtpReply(code, Optional.empty(), List.of(lines));
  }

  /** 2yz: done. */
  public boolean isPositive() {
    return code < 300;
  }

  /** 3yz: go on. */
  public boolean isIntermediate() {
    return code >= 300 && code < 400;
  }

  /** 4yz: not now. */
  public boolean isTransient() {
    return code >= 400 && code < 500;
  }

  /** 5yz: never. */
  public boolean isPermanent() {
    return code >= 500;
  }

  /** All lines in one, without code and status. */
  public String text() {
    return String.join(" ", lines);
  }

  /** As on the wire, with CRLF, in UTF-8. */
  public byte[] encode() {
    String prefix = status.map(known -> known + " ").orElse("");
    int room = LINE_OCTETS_MAX - "250-".length() - prefix.length() - "\r\n".length();
    List<String> written = new ArrayList<>();
    for (String line : lines) {
      // A challenge is one line, however long (RFC 4954 section 4).
      if (isIntermediate()) {
        written.add(line);
      } else {
        addBroken(line, room, written);
      }
    }
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    for (int i = 0; i < written.size(); i++) {
      String line = code + (i == written.size() - 1 ? " " : "-") + prefix + written.get(i) + "\r\n";
      out.writeBytes(line.getBytes(StandardCharsets.UTF_8));
    }
    return out.toByteArray();
  }

  /** As it reads in a log: code, status and text in one line. */
  @Override
  public String toString() {
    return code + " " + status.map(known -> known + " ").orElse("") + text();
  }

  private static void addBroken(String line, int octetsMax, List<String> into) {
    int start = 0;
    int octets = 0;
    int i = 0;
    while (i < line.length()) {
      int point = line.codePointAt(i);
      int size = point < 0x80 ? 1 : point < 0x800 ? 2 : point < 0x10000 ? 3 : 4;
      if (octets + size > octetsMax) {
        into.add(line.substring(start, i));
        start = i;
        octets = 0;
      }
      octets += size;
      i += Character.charCount(point);
    }
    into.add(line.substring(start));
  }

  private static String printable(String line) {
    StringBuilder clean = new StringBuilder(line.length());
    line.codePoints()
        .map(point -> Character.isISOControl(point) && point != '\t' ? '?' : point)
        .forEach(clean::appendCodePoint);
    return clean.toString();
  }
}
