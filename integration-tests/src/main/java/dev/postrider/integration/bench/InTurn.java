package dev.postrider.integration.bench;

import java.io.IOException;
import java.util.Arrays;
import java.util.Locale;

/**
 * The same asked of two mail systems in turn, several times, so that whatever else the machine does
 * meets both. The medians are compared.
 */
final class InTurn {

  /** Does it once; returns the seconds that it took. */
  @FunctionalInterface
  interface Timed {
    double seconds() throws IOException;
  }

  /** Of the other one. */
  private static final double BAR = 1;

  private static final int TIMES = 5;

  private final BarTable table;
  private final String ours;
  private final String theirs;

  InTurn(BarTable table, String ours, String theirs) {
    this.table = table;
    this.ours = ours;
    this.theirs = theirs;
  }

  /**
   * @param count how many of {@code unit} are done at one time
   */
  void compare(String what, long count, String unit, Timed our, Timed their) throws IOException {
    double[] ourSeconds = new double[TIMES];
    double[] theirSeconds = new double[TIMES];
    for (int i = 0; i < TIMES; i++) {
      ourSeconds[i] = our.seconds();
      theirSeconds[i] = their.seconds();
    }
    Arrays.sort(ourSeconds);
    Arrays.sort(theirSeconds);
    double ourMiddle = ourSeconds[TIMES / 2];
    double theirMiddle = theirSeconds[TIMES / 2];
    table.note(
        what,
        String.format(
            Locale.ROOT,
            "%s %.0f %s/s, %s %.0f %s/s; load average %.1f",
            ours,
            count / ourMiddle,
            unit,
            theirs,
            count / theirMiddle,
            unit,
            PeersBench.loadAverage()));
    table.atLeast(what + ", medians of " + TIMES, theirMiddle / ourMiddle, BAR, "x");
  }

  /** The same of one command on two connections, whose answer has at least so many lines. */
  void compare(String command, long lines, ImapWire our, ImapWire their) throws IOException {
    compare(
        command,
        lines,
        "messages",
        () -> seconds(command, lines, our),
        () -> seconds(command, lines, their));
  }

  static double seconds(String command, long lines, ImapWire wire) throws IOException {
    ImapWire.Reply reply = wire.run(command);
    if (reply.lines() < lines) {
      throw new IOException("only " + reply.lines() + " of " + lines + " lines came");
    }
    return reply.nanos() / 1e9;
  }
}
