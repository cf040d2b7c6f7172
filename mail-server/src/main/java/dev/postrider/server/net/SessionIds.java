package dev.postrider.server.net;

import java.time.InstantSource;
import java.util.concurrent.atomic.AtomicLong;

/**
 * Names for connections: 11 characters that sort by time, of the alphabet of RFC 4648 section 7 in
 * lower case. The first 35 bits are the second, the last 20 count within it; should more than a
 * million come in one second, they run ahead into the next one, and stay unique.
 */
final class SessionIds {

  private static final int COUNTER_BITS = 20;
  private static final int CHARACTERS = 11;
  private static final String ALPHABET = "0123456789abcdefghijklmnopqrstuv";

  private final InstantSource clock;
  private final AtomicLong last = new AtomicLong();

  SessionIds(InstantSource clock) {
    this.clock = clock;
  }

  String next() {
    long now = clock.instant().getEpochSecond() << COUNTER_BITS;
    long number = last.updateAndGet(previous -> Math.max(previous + 1, now));
    char[] text = new char[CHARACTERS];
    for (int i = CHARACTERS - 1; i >= 0; i--) {
      text[i] = ALPHABET.charAt((int) (number & 31));
      number >>>= 5;
    }
    return new String(text);
  }
}
