package dev.postrider.integration.bench;

import dev.postrider.integration.server.Installation;
import dev.postrider.integration.server.RunningServer;
import dev.postrider.testkit.files.FileTree;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.Locale;

/** Durable deliveries by SMTP, against the bare disk right after; rounds of both take turns. */
final class Deliveries {

  /** Of the disk alone, at 20 sessions. */
  private static final double BAR = 0.5;

  private static final int SESSIONS = 20;
  private static final int OCTETS = 8192;
  private static final int ROUNDS = 3;

  private final BarTable table;
  private final Installation installation;
  private final Path directory;
  private final Duration time;

  Deliveries(BarTable table, Installation installation, Path directory, Duration time) {
    this.table = table;
    this.installation = installation;
    this.directory = directory;
    this.time = time;
  }

  void run() throws IOException, InterruptedException {
    table.heading("durable deliveries by SMTP against the disk alone, 8 KB");
    String address = "bench@bench.test";
    try (RunningServer server = RunningServer.start(installation, directory, "bench.test", "")) {
      server.addAccount(address, "bench");
      SmtpLoad load = new SmtpLoad(server.port("smtp"), address, OCTETS);
      for (int sessions : new int[] {1, SESSIONS}) {
        measure(load, sessions);
      }
    }
    FileTree.delete(directory);
  }

  private void measure(SmtpLoad load, int sessions) throws IOException, InterruptedException {
    double[] ratios = new double[ROUNDS];
    String name = String.format(Locale.ROOT, "%2d sessions", sessions);
    for (int round = 0; round < ROUNDS; round++) {
      SmtpLoad.Result result = load.run(sessions, time.dividedBy(2), time);
      double disk = DiskYardstick.measure(directory, sessions, OCTETS, time.dividedBy(2));
      ratios[round] = result.perSecond() / disk;
      table.note(
          name,
          String.format(
              Locale.ROOT,
              "%.0f/s, p99 %.1f ms; disk alone %.0f/s",
              result.perSecond(),
              result.p99().toNanos() / 1e6,
              disk));
    }
    Arrays.sort(ratios);
    double median = ratios[ROUNDS / 2];
    if (sessions == SESSIONS) {
      table.atLeast(name + " / disk alone, median of " + ROUNDS, median, BAR, "x");
    } else {
      table.note(name + " / disk alone, median of " + ROUNDS, median, "x");
    }
  }
}
