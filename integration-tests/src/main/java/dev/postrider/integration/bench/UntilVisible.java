package dev.postrider.integration.bench;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.locks.LockSupport;

/**
 * Deliveries from SMTP until they can be seen by IMAP, of two mail systems in turn.
 *
 * <p>A load lasts a while; then everything that was acknowledged has to appear. The rate is over
 * both, for the second system takes mail into a queue first and delivers from there. The count must
 * come out: neither less nor more than was acknowledged.
 */
final class UntilVisible {

  /** Of Postfix and Dovecot, at 20 sessions. */
  private static final double BAR = 10;

  private static final int ROUNDS = 3;
  private static final Duration POLL = Duration.ofMillis(100);
  private static final Duration STANDSTILL_MAX = Duration.ofSeconds(60);

  private final BarTable table;
  private final MailSystem ours;
  private final MailSystem theirs;
  private final Path directory;
  private final Duration time;
  private final int octets;

  /**
   * @param directory on the disk of both
   * @param time of each load, without what appears after it
   */
  UntilVisible(
      BarTable table,
      MailSystem ours,
      MailSystem theirs,
      Path directory,
      Duration time,
      int octets) {
    this.table = table;
    this.ours = ours;
    this.theirs = theirs;
    this.directory = directory;
    this.time = time;
    this.octets = octets;
  }

  /** {@code sessions} that send to {@code accounts} in turn. */
  void run(int sessions, List<String> accounts) throws IOException, InterruptedException {
    String loaded =
        String.format(
            Locale.ROOT,
            "%d session%s, %d mailbox%s",
            sessions,
            sessions == 1 ? "" : "s",
            accounts.size(),
            accounts.size() == 1 ? "" : "es");
    table.heading(
        String.format(
            Locale.ROOT, "deliveries of %d octets until visible by IMAP: %s", octets, loaded));
    for (MailSystem system : List.of(ours, theirs)) {
      measure(system, sessions, accounts);
    }
    double[] accepted = new double[ROUNDS];
    double[] visible = new double[ROUNDS];
    for (int round = 0; round < ROUNDS; round++) {
      Rates our = told(ours, round, sessions, accounts);
      Rates their = told(theirs, round, sessions, accounts);
      accepted[round] = our.accepted() / their.accepted();
      visible[round] = our.visible() / their.visible();
      double disk = DiskYardstick.measure(directory, sessions, octets, time.dividedBy(4));
      table.note("the disk alone, round " + (round + 1), disk, "/s");
    }
    table.note(loaded + ": accepted, " + median(), middle(accepted), "x");
    String what = loaded + ": visible, " + median();
    if (sessions > 1) {
      table.atLeast(what, middle(visible), BAR, "x");
    } else {
      table.note(what, middle(visible), "x");
    }
  }

  /**
   * @param accepted messages acknowledged by SMTP, per second of the load
   * @param visible the same messages, per second until the last of them was in its mailbox
   */
  private record Rates(double accepted, double visible) {}

  private Rates told(MailSystem system, int round, int sessions, List<String> accounts)
      throws IOException, InterruptedException {
    Rates rates = measure(system, sessions, accounts);
    table.note(
        system.name() + ", round " + (round + 1),
        String.format(
            Locale.ROOT,
            "accepted %.0f/s, visible %.0f/s; load average %.1f",
            rates.accepted(),
            rates.visible(),
            PeersBench.loadAverage()));
    return rates;
  }

  private Rates measure(MailSystem system, int sessions, List<String> accounts)
      throws IOException, InterruptedException {
    SmtpLoad load = new SmtpLoad(system.smtpPort(), accounts, octets);
    List<ImapWire> wires = new ArrayList<>();
    try {
      for (String account : accounts) {
        wires.add(system.login(account));
      }
      long before = messages(wires);
      long begin = System.nanoTime();
      SmtpLoad.Result result = load.run(sessions, Duration.ZERO, time);
      awaitMessages(wires, before + result.acknowledged());
      long nanos = System.nanoTime() - begin;
      return new Rates(result.perSecond(), result.acknowledged() * 1e9 / nanos);
    } finally {
      for (ImapWire wire : wires) {
        wire.close();
      }
    }
  }

  private static void awaitMessages(List<ImapWire> wires, long wanted) throws IOException {
    long last = -1;
    long since = System.nanoTime();
    long there = messages(wires);
    while (there < wanted) {
      if (there != last) {
        last = there;
        since = System.nanoTime();
      } else if (System.nanoTime() - since > STANDSTILL_MAX.toNanos()) {
        throw new IOException("of " + wanted + " messages only " + there + " came");
      }
      LockSupport.parkNanos(POLL.toNanos());
      there = messages(wires);
    }
    if (there > wanted) {
      throw new IOException(there + " messages came, only " + wanted + " were acknowledged");
    }
  }

  private static long messages(List<ImapWire> wires) throws IOException {
    long sum = 0;
    for (ImapWire wire : wires) {
      sum += wire.messages("INBOX");
    }
    return sum;
  }

  private static String median() {
    return "median of " + ROUNDS;
  }

  private static double middle(double[] values) {
    Arrays.sort(values);
    return values[values.length / 2];
  }
}
