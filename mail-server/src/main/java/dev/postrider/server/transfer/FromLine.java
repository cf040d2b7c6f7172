package dev.postrider.server.transfer;

import dev.postrider.protocol.message.MailDate;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.Locale;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The line {@code From sender date} before each message of an mbox. RFC 4155 appendix A.
 *
 * <p>A line of text may begin with {@code From } as well, so the date must be one. It is UTC unless
 * it says otherwise; many writers mean their local time and do not tell.
 */
final class FromLine {

  static final String PREFIX = "From ";

  /** Octets of such a line that are looked at. */
  static final int OCTETS_MAX = 1000;

  private static final Pattern LINE =
      Pattern.compile(
          "From (?:.* )?(?:Mon|Tue|Wed|Thu|Fri|Sat|Sun),? +"
              + "(?:([A-Z][a-z]{2}) +([0-9]{1,2})|([0-9]{1,2}) +([A-Z][a-z]{2}))"
              + " +([0-9]{1,2}:[0-9]{2}(?::[0-9]{2})?)"
              + "(?: +([A-Z]{1,5}|[+-][0-9]{4}))? +([0-9]{4})"
              + "(?: +([+-][0-9]{4}))?.*");

  private static final DateTimeFormatter ASCTIME =
      DateTimeFormatter.ofPattern("EEE MMM ppd HH:mm:ss yyyy", Locale.ROOT);

  private FromLine() {}

  /** When the message came; empty when the line, without its ending, is text. */
  static Optional<Instant> parse(String line) {
    if (!line.startsWith(PREFIX)) {
      return Optional.empty();
    }
    Matcher found = LINE.matcher(line);
    if (!found.matches()) {
      return Optional.empty();
    }
    boolean monthFirst = found.group(1) != null;
    String zone = found.group(6) != null ? found.group(6) : found.group(8);
    String date =
        String.join(
            " ",
            monthFirst ? found.group(2) : found.group(3),
            monthFirst ? found.group(1) : found.group(4),
            found.group(7),
            found.group(5),
            zone == null ? "+0000" : zone);
    return MailDate.parse(date).map(OffsetDateTime::toInstant);
  }

  /** Such a line, without its ending. */
  static String format(String sender, Instant date) {
    return PREFIX + sender + " " + ASCTIME.format(date.atOffset(ZoneOffset.UTC));
  }
}
