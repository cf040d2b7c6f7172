package dev.postrider.protocol.message;

import java.time.DateTimeException;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** The date of a header. RFC 5322 section 3.3; reads the obsolete forms of section 4.3 too. */
public final class MailDate {

  /** A date with comments is shorter; nothing longer is looked at. */
  private static final int CHARS_MAX = 256;

  private static final DateTimeFormatter WRITTEN =
      DateTimeFormatter.ofPattern("EEE, d MMM yyyy HH:mm:ss Z", Locale.ROOT);

  private static final List<String> MONTHS =
      List.of("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec");

  /** Hours east. RFC 5322 section 4.3. */
  private static final Map<String, Integer> ZONES =
      Map.of(
          "UT", 0, "GMT", 0, "EST", -5, "EDT", -4, "CST", -6, "CDT", -5, "MST", -7, "MDT", -6,
          "PST", -8, "PDT", -7);

  private static final Pattern WHITE_SPACE = Pattern.compile("[ \t\r\n]+");

  private static final Pattern DATE =
      Pattern.compile(
          "(?:[A-Za-z]{2,9}[ ,.]+)?([0-9]{1,2})[ -]+([A-Za-z]{3,9})[ .,-]+([0-9]{2,4})[ ,]+"
              + "([0-9]{1,2}) ?: ?([0-9]{2})(?: ?: ?([0-9]{2})(?:[.,][0-9]{1,9})?)?"
              + "(?: *([+-][0-9]{4})| +([A-Za-z]{1,5})| *([+-][0-9]{2}):([0-9]{2}))?(?: .*)?");

  /** As written by C's asctime: {@code Mon Nov 23 01:02:03 2026}. */
  private static final Pattern ASCTIME =
      Pattern.compile(
          "[A-Za-z]{3} +([A-Za-z]{3}) +([0-9]{1,2}) +([0-9]{2}):([0-9]{2}):([0-9]{2}) +([0-9]{4})"
              + "(?: .*)?");

  private MailDate() {}

  /** As RFC 5322 writes it: {@code Mon, 23 Nov 2026 01:02:03 +0000}. */
  public static String format(OffsetDateTime when) {
    return WRITTEN.format(when);
  }

  /** The time that {@code text} means; empty when nobody can tell. */
  public static Optional<OffsetDateTime> parse(String text) {
    if (text.length() > CHARS_MAX) {
      return Optional.empty();
    }
    String plain = WHITE_SPACE.matcher(Comments.removed(text)).replaceAll(" ").strip();
    try {
      Matcher date = DATE.matcher(plain);
      if (date.matches()) {
        return date(date);
      }
      Matcher asctime = ASCTIME.matcher(plain);
      return asctime.matches() ? asctime(asctime) : Optional.empty();
    } catch (DateTimeException outOfRange) {
      return Optional.empty();
    }
  }

  private static Optional<OffsetDateTime> date(Matcher date) {
    int month = month(date.group(2));
    if (month == 0) {
      return Optional.empty();
    }
    String seconds = date.group(6);
    return Optional.of(
        at(
            year(date.group(3)),
            month,
            Integer.parseInt(date.group(1)),
            Integer.parseInt(date.group(4)),
            Integer.parseInt(date.group(5)),
            seconds == null ? 0 : Integer.parseInt(seconds),
            zone(date)));
  }

  private static Optional<OffsetDateTime> asctime(Matcher date) {
    int month = month(date.group(1));
    if (month == 0) {
      return Optional.empty();
    }
    return Optional.of(
        at(
            Integer.parseInt(date.group(6)),
            month,
            Integer.parseInt(date.group(2)),
            Integer.parseInt(date.group(3)),
            Integer.parseInt(date.group(4)),
            Integer.parseInt(date.group(5)),
            ZoneOffset.UTC));
  }

  private static OffsetDateTime at(
      int year, int month, int day, int hour, int minute, int second, ZoneOffset zone) {
    // java.time has no leap second.
    return OffsetDateTime.of(year, month, day, hour, minute, second == 60 ? 59 : second, 0, zone);
  }

  private static int month(String name) {
    return MONTHS.indexOf(name.substring(0, 3).toLowerCase(Locale.ROOT)) + 1;
  }

  /** RFC 5322 section 4.3. */
  private static int year(String digits) {
    int year = Integer.parseInt(digits);
    return switch (digits.length()) {
      case 2 -> year < 50 ? 2000 + year : 1900 + year;
      case 3 -> 1900 + year;
      default -> year;
    };
  }

  /** What is unknown counts as UTC. RFC 5322 section 4.3. */
  private static ZoneOffset zone(Matcher date) {
    String numeric = date.group(7);
    if (numeric != null) {
      return offset(numeric.substring(0, 3), numeric.substring(3));
    }
    String colonHours = date.group(9);
    if (colonHours != null) {
      return offset(colonHours, date.group(10));
    }
    String name = date.group(8);
    Integer hours = name == null ? null : ZONES.get(name.toUpperCase(Locale.ROOT));
    return hours == null ? ZoneOffset.UTC : ZoneOffset.ofHours(hours);
  }

  private static ZoneOffset offset(String signedHours, String minutes) {
    int sign = signedHours.charAt(0) == '-' ? -1 : 1;
    int hours = Integer.parseInt(signedHours.substring(1));
    int rest = Integer.parseInt(minutes);
    if (hours > 18 || rest > 59 || (hours == 18 && rest > 0)) {
      return ZoneOffset.UTC;
    }
    return ZoneOffset.ofHoursMinutes(sign * hours, sign * rest);
  }
}
