package dev.postrider.client.render;

import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;

/** A line on the terminal that shows how far a long piece of work is. Short work shows none. */
public final class ProgressBar implements AutoCloseable {
  private static final Duration QUIET = Duration.ofSeconds(1);
  private static final Duration STEP = Duration.ofMillis(100);
  private static final int CELLS = 24;

  private final PrintStream terminal;
  private final boolean enabled;
  private final String label;
  private final long total;
  private final InstantSource clock;
  private final Instant start;
  private Instant shown = Instant.MIN;
  private long done;

  /**
   * @param enabled whether {@code terminal} is one
   * @param total octets of the whole work, or -1 when unknown
   */
  public ProgressBar(
      PrintStream terminal, boolean enabled, String label, long total, InstantSource clock) {
    this.terminal = terminal;
    this.enabled = enabled;
    this.label = label;
    this.total = total;
    this.clock = clock;
    this.start = clock.instant();
  }

  /** One that shows nothing. */
  public static ProgressBar none() {
    return new ProgressBar(
        new PrintStream(OutputStream.nullOutputStream(), false, StandardCharsets.UTF_8),
        false,
        "",
        -1,
        () -> Instant.EPOCH);
  }

  /** Counts {@code octets} more as done. */
  public void advance(long octets) {
    done += octets;
    if (!enabled) {
      return;
    }
    Instant now = clock.instant();
    boolean due = shown.equals(Instant.MIN) || !now.isBefore(shown.plus(STEP));
    if (due && now.isAfter(start.plus(QUIET))) {
      shown = now;
      terminal.print("\r" + line(Duration.between(start, now)) + "\u001B[K");
      terminal.flush();
    }
  }

  /** {@code in}, with what is read of it counted as done. */
  public InputStream counting(InputStream in) {
    return new FilterInputStream(in) {
      @Override
      public int read() throws IOException {
        int octet = in.read();
        advance(octet < 0 ? 0 : 1);
        return octet;
      }

      @Override
      public int read(byte[] into, int offset, int length) throws IOException {
        int count = in.read(into, offset, length);
        advance(Math.max(0, count));
        return count;
      }
    };
  }

  private String line(Duration passed) {
    String rate = Sizes.of(done * 1000 / Math.max(1, passed.toMillis())) + "/s";
    if (total <= 0) {
      return label + " " + Sizes.of(done) + " " + rate;
    }
    int full = (int) Math.min(CELLS, done * CELLS / total);
    String bar = "█".repeat(full) + "░".repeat(CELLS - full);
    return label + " " + bar + " " + Math.min(100, done * 100 / total) + "% " + rate;
  }

  /** Takes the line away. */
  @Override
  public void close() {
    if (!shown.equals(Instant.MIN)) {
      terminal.print("\r\u001B[K");
      terminal.flush();
    }
  }
}
