package dev.postrider.server.config;

import java.time.Duration;
import java.util.List;

/**
 * How queued mail is tried.
 *
 * @param retries pauses after the first, second, … failed attempt; after the last one the message
 *     fails
 * @param delayNoticeAfterAttempts the sender is told of the delay after so many attempts
 * @param connectionsPerDestinationMax at one time
 * @param connectionsMax at one time, to all destinations
 */
public record RelayConfig(
    List<Duration> retries,
    int delayNoticeAfterAttempts,
    int connectionsPerDestinationMax,
    int connectionsMax) {

  public static final RelayConfig DEFAULTS =
      new RelayConfig(
          List.of(
              Duration.ofSeconds(450),
              Duration.ofMinutes(15),
              Duration.ofMinutes(30),
              Duration.ofHours(1),
              Duration.ofHours(2),
              Duration.ofHours(4),
              Duration.ofHours(8),
              Duration.ofHours(16)),
          5,
          4,
          64);

  public RelayConfig {
    retries = List.copyOf(retries);
  }
}
