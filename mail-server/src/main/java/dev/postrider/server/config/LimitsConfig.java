package dev.postrider.server.config;

import java.time.Duration;

/**
 * What one peer may take.
 *
 * @param messageOctetsMax SIZE and APPEND limit
 * @param recipientsMax per transaction; RFC 5321 section 4.5.3.1.8 asks for at least 100
 * @param connectionsMax at one time, over all listeners
 * @param connectionsPerAddressMax at one time from one IP address
 * @param connectionsPerAddressPerMinute new ones from one IP address; loopback is exempt
 * @param messagesPerAccountPerHour recipients that an account may send to
 * @param idleTimeout silence after which an IMAP session ends; RFC 3501 section 5.4 asks for at
 *     least 30 minutes
 * @param commandTimeout silence after which an SMTP session ends; RFC 5321 section 4.5.3.2.7 asks
 *     for at least 5 minutes
 * @param writeTimeout how long a peer may leave our octets unread
 * @param unauthenticatedTimeout how long an IMAP session may take to log in
 * @param failedLoginsPerAddress failed logins from one IP address within ten minutes, after which
 *     more are refused
 */
public record LimitsConfig(
    long messageOctetsMax,
    int recipientsMax,
    int connectionsMax,
    int connectionsPerAddressMax,
    int connectionsPerAddressPerMinute,
    int messagesPerAccountPerHour,
    Duration idleTimeout,
    Duration commandTimeout,
    Duration writeTimeout,
    Duration unauthenticatedTimeout,
    int failedLoginsPerAddress) {

  public static final LimitsConfig DEFAULTS =
      new LimitsConfig(
          50L * 1024 * 1024,
          1000,
          20_000,
          500,
          1000,
          5000,
          Duration.ofMinutes(30),
          Duration.ofMinutes(5),
          Duration.ofMinutes(2),
          Duration.ofMinutes(1),
          20);
}
