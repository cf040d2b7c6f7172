package dev.postrider.server.main;

import dev.postrider.server.transfer.Progress;
import java.io.PrintStream;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Locale;

/**
 * How far a transfer is, on one line of a terminal: folder, messages, part of the work, messages
 * per second, time left. Where there is no terminal, only what was left out is told.
 *
 * <p>The rate is that of the last seconds, the time left follows from all of it. Thread: the one of
 * the transfer; {@link #interrupted} comes from another.
 */
final class ProgressLine implements Progress {

  private static final Duration STEP = Duration.ofMillis(200);
  private static final Duration RATE_OVER = Duration.ofSeconds(3);
  private static final Duration UNTOLD = Duration.ofSeconds(1);
  private static final String CLEAR = "\r\u001B[K";
  private static final int FOLDER_CHARS_MAX = 30;

  private final PrintStream err;
  private final boolean terminal;
  private final InstantSource clock;
  private final Instant start;
  private Instant shown;
  private Instant rateFrom;
  private long rateMessages;
  private double rate;
  private long work;
  private long done;
  private long messages;
  private boolean visible;
  private String folder = "";

  ProgressLine(PrintStream err, boolean terminal, InstantSource clock) {
    this.err = err;
    this.terminal = terminal;
    this.clock = clock;
    this.start = clock.instant();
    this.shown = start;
    this.rateFrom = start;
  }

  @Override
  public void begin(long all) {
    work = all;
  }

  @Override
  public void folder(String name) {
    folder = name;
  }

  @Override
  public void message() {
    messages++;
    tick();
  }

  @Override
  public void worked(long units) {
    done += units;
  }

  @Override
  public synchronized void leftOut(String line) {
    clear();
    err.println("postriderd: left out: " + line.replaceAll("\\p{Cntrl}", " "));
  }

  private void tick() {
    if (!terminal) {
      return;
    }
    Instant now = clock.instant();
    if (now.isBefore(shown.plus(STEP)) || now.isBefore(start.plus(UNTOLD))) {
      return;
    }
    shown = now;
    Duration measured = Duration.between(rateFrom, now);
    if (rate == 0 || measured.compareTo(RATE_OVER) >= 0) {
      rate = 1000.0 * (messages - rateMessages) / Math.max(1, measured.toMillis());
      rateFrom = now;
      rateMessages = messages;
    }
    show(line(now));
  }

  private synchronized void show(String line) {
    err.print(CLEAR + line);
    err.flush();
    visible = true;
  }

  private String line(Instant now) {
    String name = folder.length() <= FOLDER_CHARS_MAX ? folder : "…" + tail(folder);
    String line =
        String.format(
            Locale.ROOT,
            "%s: %,d messages, %,.0f/s",
            name.replaceAll("\\p{Cntrl}", " "),
            messages,
            rate);
    if (work <= 0 || done <= 0) {
      return line;
    }
    double part = Math.min(1, (double) done / work);
    long left = Math.round(Duration.between(start, now).toSeconds() * (1 - part) / part);
    return String.format(Locale.ROOT, "%s, %.0f%%, %s left", line, 100 * part, time(left));
  }

  private static String tail(String name) {
    return name.substring(name.length() - FOLDER_CHARS_MAX + 1);
  }

  /** In the two largest units. */
  static String time(long seconds) {
    return seconds < 60
        ? seconds + " s"
        : seconds < 3600
            ? seconds / 60 + " min " + seconds % 60 + " s"
            : seconds / 3600 + " h " + seconds % 3600 / 60 + " min";
  }

  /** Takes the line away. */
  synchronized void clear() {
    if (visible) {
      err.print(CLEAR);
      err.flush();
      visible = false;
    }
  }

  /** Says what to do, when the operator ends it. */
  void interrupted() {
    clear();
    err.println("postriderd: interrupted; what was done stays, run the same command to go on");
    err.flush();
  }

  /** Since it began. */
  Duration passed() {
    return Duration.between(start, clock.instant());
  }
}
