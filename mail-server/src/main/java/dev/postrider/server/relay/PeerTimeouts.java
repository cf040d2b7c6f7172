package dev.postrider.server.relay;

import java.time.Duration;

/**
 * How long a peer may take. Each bounds a whole stage, so a peer that sends one octet now and then
 * gains nothing. Defaults are the minima of RFC 5321 section 4.5.3.2 where it has one.
 *
 * @param headStart of an address before the next one of the host is tried beside it; RFC 8305
 *     section 5 recommends 250 ms
 * @param connect per address
 * @param greeting RFC 5321 section 4.5.3.2.1: 5 minutes
 * @param hello EHLO or HELO
 * @param tls handshake
 * @param mail RFC 5321 section 4.5.3.2.2: 5 minutes
 * @param rcpt RFC 5321 section 4.5.3.2.3: 5 minutes, each
 * @param dataStart RFC 5321 section 4.5.3.2.4: 2 minutes
 * @param dataBlock RFC 5321 section 4.5.3.2.5: 3 minutes, each
 * @param dataEnd RFC 5321 section 4.5.3.2.6: 10 minutes
 * @param quit RSET and QUIT, on which nothing depends
 * @param transaction all of one message, but for {@code octetsPerSecondMin}
 * @param octetsPerSecondMin a peer that takes the body more slowly is left
 */
record PeerTimeouts(
    Duration headStart,
    Duration connect,
    Duration greeting,
    Duration hello,
    Duration tls,
    Duration mail,
    Duration rcpt,
    Duration dataStart,
    Duration dataBlock,
    Duration dataEnd,
    Duration quit,
    Duration transaction,
    long octetsPerSecondMin) {

  static final PeerTimeouts DEFAULTS =
      new PeerTimeouts(
          Duration.ofMillis(250),
          Duration.ofSeconds(30),
          Duration.ofMinutes(5),
          Duration.ofMinutes(5),
          Duration.ofMinutes(1),
          Duration.ofMinutes(5),
          Duration.ofMinutes(5),
          Duration.ofMinutes(2),
          Duration.ofMinutes(3),
          Duration.ofMinutes(10),
          Duration.ofSeconds(10),
          Duration.ofHours(1),
          1024);

  /** For a message of {@code octets}. */
  Duration transaction(long octets) {
    return transaction.plusSeconds(octets / octetsPerSecondMin);
  }
}
