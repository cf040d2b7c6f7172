package dev.postrider.server.main;

import dev.postrider.storage.Progress;
import java.io.PrintStream;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Locale;

/**
 * Shows how far each step of a long work is, on one line of a terminal: what is done of all, how
 * much of it in a second, and the time left; elsewhere nothing.
 */
final class RateLine implements Progress, AutoCloseable {

  /** Back to the start of the line, and what was there away. */
  private static final String CLEAR = "\r\u001b[K";

  private static final Duration STEP = Duration.ofMillis(200);

  private final PrintStream err;
  private final boolean terminal;
  private final InstantSource clock;
  private String what = "";
  private Instant begun = Instant.EPOCH;
  private Instant shown = Instant.EPOCH;
  private boolean visible;

  RateLine(PrintStream err, boolean terminal, InstantSource clock) {
    this.err = err;
    this.terminal = terminal;
    this.clock = clock;
  }

  @Override
  public void at(String step, long done, long total) {
    if (!terminal) {
      return;
    }
    Instant now = clock.instant();
    if (!step.equals(what)) {
      what = step;
      begun = now;
    } else if (now.isBefore(shown.plus(STEP))) {
      return;
    }
    shown = now;
    err.print(CLEAR + line(done, total, Duration.between(begun, now)));
    err.flush();
    visible = true;
  }

  private String line(long done, long total, Duration passed) {
    if (done <= 0) {
      return what + " …";
    }
    double rate = 1000.0 * done / Math.max(1, passed.toMillis());
    if (total <= 0) {
      return String.format(Locale.ROOT, "%s: %,d, %,.0f/s", what, done, rate);
    }
    return String.format(
        Locale.ROOT,
        "%s: %,d of %,d, %,.0f/s, %s left",
        what,
        done,
        total,
        rate,
        ProgressLine.time(Math.round((total - done) / rate)));
  }

  @Override
  public void close() {
    if (visible) {
      err.print(CLEAR);
      err.flush();
    }
  }
}
