package dev.postrider.client.session;

import java.time.Duration;
import java.util.Properties;

/**
 * How long a server may take.
 *
 * @param connect until the connection stands
 * @param read until the next octet
 */
public record Timeouts(Duration connect, Duration read) {
  public static final Timeouts USUAL = new Timeouts(Duration.ofSeconds(10), Duration.ofSeconds(60));

  /** The same limit for reading; connecting gets no more than it either. */
  public Timeouts withRead(Duration limit) {
    return new Timeouts(connect.compareTo(limit) > 0 ? limit : connect, limit);
  }

  /** Puts the limits, in milliseconds, where Angus looks for them; it has none by default. */
  void into(Properties properties, String prefix) {
    properties.setProperty(prefix + ".connectiontimeout", Long.toString(connect.toMillis()));
    properties.setProperty(prefix + ".timeout", Long.toString(read.toMillis()));
    properties.setProperty(prefix + ".writetimeout", Long.toString(read.toMillis()));
  }
}
