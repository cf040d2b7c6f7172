package dev.postrider.protocol.smtp;

import dev.postrider.protocol.text.LineEnding;
import dev.postrider.protocol.text.LineException;
import dev.postrider.protocol.text.LineReader;
import java.io.EOFException;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * Reads what a server answers, however it lies: lines and octets are bounded. RFC 5321 section 4.2.
 */
public final class SmtpReplyReader {

  /** Octets of one line without its ending; RFC 5321 section 4.5.3.1.5 asks for at least 512. */
  public static final int LINE_OCTETS_MAX = SmtpCommandParser.AUTH_LINE_OCTETS_MAX;

  /** Lines of one reply. An EHLO reply with every known extension has some 30. */
  public static final int LINES_MAX = 200;

  /** Octets of all lines of one reply. */
  public static final int REPLY_OCTETS_MAX = 65_536;

  private SmtpReplyReader() {}

  /**
   * The next reply.
   *
   * @throws SmtpReplyException when what comes is none; nothing more can be expected of the peer
   * @throws EOFException when the connection ended before it was complete
   */
  public static SmtpReply read(LineReader in) throws IOException {
    List<String> lines = new ArrayList<>();
    int code = 0;
    int octets = 0;
    while (true) {
      String line = line(in);
      octets += line.length();
      int lineCode = code(line);
      if (code != 0 && lineCode != code) {
        throw new SmtpReplyException("reply changes its code from " + code + " to " + lineCode);
      }
      code = lineCode;
      if (lines.size() == LINES_MAX || octets > REPLY_OCTETS_MAX) {
        throw new SmtpReplyException("reply longer than " + LINES_MAX + " lines or too large");
      }
      lines.add(line.length() > 4 ? line.substring(4) : "");
      if (line.length() == 3 || line.charAt(3) == ' ') {
        return reply(code, lines);
      }
    }
  }

  /** {@link SmtpLeniency#BARE_LF_IN_REPLY}. */
  private static String line(LineReader in) throws IOException {
    byte[] line;
    try {
      line = in.readLine(LINE_OCTETS_MAX, LineEnding.CRLF_OR_LF);
    } catch (LineException bad) {
      SmtpReplyException failure = new SmtpReplyException("reply with a " + bad.getMessage());
      failure.initCause(bad);
      throw failure;
    }
    if (line == null) {
      throw new EOFException("connection closed instead of a reply");
    }
    return new String(line, StandardCharsets.UTF_8);
  }

  private static int code(String line) throws SmtpReplyException {
    boolean shaped =
        line.length() >= 3
            && line.charAt(0) >= '2'
            && line.charAt(0) <= '5'
            && SmtpCommandParser.isDigits(line.substring(0, 3))
            && (line.length() == 3 || line.charAt(3) == ' ' || line.charAt(3) == '-');
    if (!shaped) {
      throw new SmtpReplyException("not a reply of SMTP");
    }
    return Integer.parseInt(line.substring(0, 3));
  }

  private static SmtpReply reply(int code, List<String> lines) {
    Optional<EnhancedStatus> status = status(code, lines.getFirst());
    if (status.isEmpty()) {
      return new SmtpReply(code, status, lines);
    }
    String prefix = status.get().toString();
    List<String> texts =
        lines.stream()
            .map(line -> line.startsWith(prefix) ? line.substring(prefix.length()).strip() : line)
            .toList();
    return new SmtpReply(code, status, texts);
  }

  /** RFC 2034 section 4: the first word, of the class that the code has. */
  private static Optional<EnhancedStatus> status(int code, String line) {
    int space = line.indexOf(' ');
    return EnhancedStatus.parse(space < 0 ? line : line.substring(0, space))
        .filter(found -> found.kind() == code / 100);
  }
}
