package dev.postrider.client.render;

import java.time.Clock;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZonedDateTime;
import java.time.format.DateTimeFormatter;
import java.util.Locale;

/** Dates for people: the time today, the day this year, the date before. */
public final class Dates {
  private static final DateTimeFormatter TIME =
      DateTimeFormatter.ofPattern("HH:mm", Locale.ENGLISH);
  private static final DateTimeFormatter DAY =
      DateTimeFormatter.ofPattern("d MMM HH:mm", Locale.ENGLISH);
  private static final DateTimeFormatter DATE =
      DateTimeFormatter.ofPattern("yyyy-MM-dd", Locale.ENGLISH);
  private static final DateTimeFormatter FULL =
      DateTimeFormatter.ofPattern("EEE, d MMM yyyy HH:mm:ss xx", Locale.ENGLISH);

  private Dates() {}

  /** At most 12 cells, in the clock's time zone. */
  public static String brief(Instant instant, Clock clock) {
    ZonedDateTime then = instant.atZone(clock.getZone());
    LocalDate today = LocalDate.now(clock);
    if (then.toLocalDate().equals(today)) {
      return then.format(TIME);
    }
    boolean thisYear = then.getYear() == today.getYear() && !then.toLocalDate().isAfter(today);
    return then.format(thisYear ? DAY : DATE);
  }

  /** With weekday, seconds and offset. */
  public static String full(Instant instant, Clock clock) {
    return instant.atZone(clock.getZone()).format(FULL);
  }
}
