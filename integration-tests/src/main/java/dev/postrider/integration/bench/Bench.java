package dev.postrider.integration.bench;

import dev.postrider.integration.server.Installation;
import dev.postrider.integration.server.RunningServer;
import dev.postrider.testkit.files.FileTree;
import java.io.IOException;
import java.io.PrintStream;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;

/**
 * The first benchmark: durable deliveries per second, server start, start of the client. Every
 * figure has its yardstick from the same run beside it.
 *
 * <p>Arguments: seconds to measure each load (default 10), octets of a message (default 8192).
 */
public final class Bench {

  private static final int STARTS = 7;
  private static final int[] SESSIONS = {1, 20};
  private static final int ROUNDS = 3;

  private final Installation installation;
  private final Path directory;
  private final Duration time;
  private final int octets;
  private final PrintStream out;

  private Bench(
      Installation installation, Path directory, Duration time, int octets, PrintStream out) {
    this.installation = installation;
    this.directory = directory;
    this.time = time;
    this.octets = octets;
    this.out = out;
  }

  public static void main(String[] arguments) throws Exception {
    Duration time = Duration.ofSeconds(arguments.length > 0 ? Long.parseLong(arguments[0]) : 10);
    int octets = arguments.length > 1 ? Integer.parseInt(arguments[1]) : 8192;
    Path root = Path.of(System.getProperty("postrider.root", "."));
    // Not below /tmp: that may be memory, and an fsync there costs nothing.
    Path below = Files.createDirectories(root.resolve("integration-tests/target"));
    Path directory = Files.createTempDirectory(below, "bench");
    try {
      new Bench(Installation.below(root), directory, time, octets, System.out).run();
    } finally {
      FileTree.delete(directory);
    }
  }

  private void run() throws IOException, InterruptedException {
    out.printf(
        Locale.ROOT,
        "load average before: %.2f; %d processors%n",
        ManagementFactory.getOperatingSystemMXBean().getSystemLoadAverage(),
        Runtime.getRuntime().availableProcessors());
    starts();
    deliveries();
  }

  private void starts() throws IOException, InterruptedException {
    long jvm = median(STARTS, () -> wall(List.of(java(), "-Xshare:auto", "-version")));
    long help = median(STARTS, () -> wall(List.of(installation.client().toString(), "--help")));
    out.printf(Locale.ROOT, "%-44s %8.3f s%n", "start of an empty JVM (java -version)", jvm / 1e9);
    out.printf(
        Locale.ROOT,
        "%-44s %8.3f s  %5.2fx%n",
        "postrider --help",
        help / 1e9,
        (double) help / jvm);
    long[] ready = new long[STARTS];
    for (int i = 0; i < STARTS; i++) {
      try (RunningServer server =
          RunningServer.start(installation, directory.resolve("start" + i), "bench.test", "")) {
        ready[i] = server.startTime().toNanos();
        // The first start of a directory makes a certificate; what counts is the second day.
        server.stop();
        server.startAgain();
        ready[i] = Math.min(ready[i], server.startTime().toNanos());
      }
    }
    Arrays.sort(ready);
    long median = ready[STARTS / 2];
    out.printf(
        Locale.ROOT,
        "%-44s %8.3f s  %5.2fx%n",
        "postriderd to ready, empty",
        median / 1e9,
        (double) median / jvm);
  }

  private void deliveries() throws IOException, InterruptedException {
    String address = "bench@bench.test";
    long acknowledged = 0;
    try (RunningServer server =
        RunningServer.start(installation, directory.resolve("load"), "bench.test", "")) {
      server.addAccount(address, "bench");
      SmtpLoad load = new SmtpLoad(server.port("smtp"), address, octets);
      for (int sessions : SESSIONS) {
        for (int round = 1; round <= ROUNDS; round++) {
          SmtpLoad.Result result = load.run(sessions, time.dividedBy(3), time);
          double disk = DiskYardstick.measure(directory, sessions, octets, time.dividedBy(2));
          acknowledged += result.acknowledged();
          out.printf(
              Locale.ROOT,
              "deliveries, %2d sessions, round %d: %8.0f/s  p50 %.2f ms  p99 %.2f ms;"
                  + " disk alone %8.0f/s; ratio %.2f%n",
              sessions,
              round,
              result.perSecond(),
              result.p50().toNanos() / 1e6,
              result.p99().toNanos() / 1e6,
              disk,
              result.perSecond() / disk);
        }
      }
      out.printf(Locale.ROOT, "acknowledged in all: %d%n", acknowledged);
      out.printf(
          Locale.ROOT,
          "the server says: %s%n",
          server.admin("", "status").strip().replace("\n", "; "));
    }
  }

  private static String java() {
    return Path.of(System.getProperty("java.home"), "bin", "java").toString();
  }

  private interface Timed {
    long nanos() throws IOException, InterruptedException;
  }

  /** Median of {@code times} runs, after one that does not count. */
  private static long median(int times, Timed timed) throws IOException, InterruptedException {
    timed.nanos();
    long[] nanos = new long[times];
    for (int i = 0; i < times; i++) {
      nanos[i] = timed.nanos();
    }
    Arrays.sort(nanos);
    return nanos[times / 2];
  }

  private static long wall(List<String> command) throws IOException, InterruptedException {
    long begin = System.nanoTime();
    Process process =
        new ProcessBuilder(command)
            .redirectErrorStream(true)
            .redirectOutput(ProcessBuilder.Redirect.DISCARD)
            .start();
    int status = process.waitFor();
    long nanos = System.nanoTime() - begin;
    if (status != 0) {
      throw new IOException(command + " ended with " + status);
    }
    return nanos;
  }
}
