package dev.postrider.protocol.imap;

import java.time.DateTimeException;
import java.time.Instant;
import java.time.LocalDate;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Dates as IMAP writes them. RFC 3501 section 9, date and date-time. */
public final class ImapDate {

  private static final List<String> MONTHS =
      List.of("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec");

  private static final Pattern DATE = Pattern.compile("([0-9]{1,2})-([A-Za-z]{3})-([0-9]{4})");

  /** {@link Leniency#ONE_DIGIT_DAY}. */
  private static final Pattern DATE_TIME =
      Pattern.compile(
          " ?([0-9]{1,2})-([A-Za-z]{3})-([0-9]{4}) ([0-9]{2}):([0-9]{2}):([0-9]{2})"
              + " ([+-])([0-9]{2})([0-9]{2})");

  private static final int LEAP_SECOND = 60;

  private ImapDate() {}

  /** Such as 1-Feb-1994. */
  static LocalDate parseDate(String text) throws UnacceptableCommandException {
    Matcher matcher = DATE.matcher(text);
    if (!matcher.matches()) {
      throw bad();
    }
    try {
      return date(matcher);
    } catch (DateTimeException e) {
      throw bad();
    }
  }

  /** Such as 17-Jul-1996 02:44:25 -0700, with a space before a day of one digit. */
  static OffsetDateTime parseDateTime(String text) throws UnacceptableCommandException {
    Matcher matcher = DATE_TIME.matcher(text);
    if (!matcher.matches()) {
      throw bad();
    }
    try {
      int sign = matcher.group(7).equals("-") ? -1 : 1;
      ZoneOffset zone =
          ZoneOffset.ofHoursMinutes(sign * number(matcher, 8), sign * number(matcher, 9));
      int second = number(matcher, 6);
      return date(matcher)
          .atTime(
              number(matcher, 4), number(matcher, 5), second == LEAP_SECOND ? second - 1 : second)
          .atOffset(zone);
    } catch (DateTimeException e) {
      throw bad();
    }
  }

  /** INTERNALDATE, in UTC, without quotes: {@code 17-Jul-1996 09:44:25 +0000}. */
  public static String format(Instant instant) {
    OffsetDateTime at = instant.atOffset(ZoneOffset.UTC);
    String month = MONTHS.get(at.getMonthValue() - 1);
    return String.format(
        Locale.ROOT,
        "%2d-%s%s-%04d %02d:%02d:%02d +0000",
        at.getDayOfMonth(),
        month.substring(0, 1).toUpperCase(Locale.ROOT),
        month.substring(1),
        at.getYear(),
        at.getHour(),
        at.getMinute(),
        at.getSecond());
  }

  private static LocalDate date(Matcher matcher) {
    int month = MONTHS.indexOf(matcher.group(2).toLowerCase(Locale.ROOT)) + 1;
    return LocalDate.of(number(matcher, 3), month, number(matcher, 1));
  }

  private static int number(Matcher matcher, int group) {
    return Integer.parseInt(matcher.group(group));
  }

  private static UnacceptableCommandException bad() {
    return UnacceptableCommandException.syntax("Not a date of RFC 3501 section 9");
  }
}
