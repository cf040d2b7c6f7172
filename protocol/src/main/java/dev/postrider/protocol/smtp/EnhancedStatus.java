package dev.postrider.protocol.smtp;

import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * An enhanced mail system status code, such as 5.1.1. RFC 3463 section 2.
 *
 * @param kind 2 success, 4 try again, 5 do not
 * @param subject 0 to 999
 * @param detail 0 to 999
 */
public record EnhancedStatus(int kind, int subject, int detail) {

  private static final Pattern WRITTEN = Pattern.compile("([245])\\.([0-9]{1,3})\\.([0-9]{1,3})");

  public EnhancedStatus {
    if ((kind != 2 && kind != 4 && kind != 5)
        || subject < 0
        || subject > 999
        || detail < 0
        || detail > 999) {
      throw new IllegalArgumentException("no enhanced status: " + kind + "." + subject);
    }
  }

  /** The status that {@code text} is, or empty. */
  public static Optional<EnhancedStatus> parse(String text) {
    Matcher written = WRITTEN.matcher(text);
    if (!written.matches()) {
      return Optional.empty();
    }
    return Optional.of(
        new EnhancedStatus(
            Integer.parseInt(written.group(1)),
            Integer.parseInt(written.group(2)),
            Integer.parseInt(written.group(3))));
  }

  @Override
  public String toString() {
    return kind + "." + subject + "." + detail;
  }
}
