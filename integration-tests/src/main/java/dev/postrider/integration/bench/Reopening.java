package dev.postrider.integration.bench;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.BufferedReader;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Locale;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

/**
 * A store that was killed in the midst of deliveries is opened again: with its files in the memory
 * of the system, and, as far as that lets go of them, from the disk.
 */
final class Reopening {

  private static final double BAR_SECONDS = 1;
  private static final int OCTETS = 75 * 1024;
  private static final int ROUNDS = 5;

  /** What is delivered before the kill. */
  private static final long SECONDS = 2;

  private final BarTable table;
  private final Path directory;
  private final int messages;

  Reopening(BarTable table, Path directory, int megabytes) {
    this.table = table;
    this.directory = directory;
    this.messages = (int) (megabytes * 1_000_000L / OCTETS);
  }

  void run() throws IOException, InterruptedException {
    table.heading(
        String.format(Locale.ROOT, "opening after kill -9, %d messages of 75 KB", messages));
    Files.createDirectories(directory);
    long filled = Opened.run(directory, messages).filled();
    table.note("filled", (double) messages * OCTETS / filled * 1e3, "MB/s");
    double[] empty = new double[2 * ROUNDS];
    tell("files in memory", false, empty);
    tell("files on the disk", true, empty);
    Arrays.sort(empty);
    table.note("an empty store, first in a new JVM, median", empty[ROUNDS], "s");
    table.note("octets of the store", StoreUnderLoad.octetsBelow(directory) / 1e6, "MB");
  }

  private void tell(String what, boolean cold, double[] empty)
      throws IOException, InterruptedException {
    double[] seconds = new double[ROUNDS];
    for (int i = 0; i < ROUNDS; i++) {
      if (cold) {
        forgetFiles();
      }
      Opened opened = Opened.run(directory, 0);
      seconds[i] = opened.opened() / 1e9;
      empty[cold ? ROUNDS + i : i] = opened.empty() / 1e9;
    }
    Arrays.sort(seconds);
    table.atMost(what + ", median of " + ROUNDS, seconds[ROUNDS / 2], BAR_SECONDS, "s");
    table.note(what + ", the worst", seconds[ROUNDS - 1], "s");
  }

  /** What a child told before it was killed, in nanoseconds. */
  private record Opened(long empty, long opened, long filled) {

    static Opened run(Path directory, int messages) throws IOException, InterruptedException {
      Process child =
          new ProcessBuilder(
                  Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                  "-cp",
                  System.getProperty("java.class.path"),
                  StoreChild.class.getName(),
                  directory.resolve("store").toString(),
                  directory.resolve("empty").toString(),
                  Integer.toString(OCTETS),
                  Integer.toString(messages))
              .redirectError(ProcessBuilder.Redirect.INHERIT)
              .start();
      try (BufferedReader out = child.inputReader(UTF_8)) {
        Opened told =
            new Opened(
                nanos(out, StoreChild.OPENED_EMPTY),
                nanos(out, StoreChild.OPENED),
                nanos(out, StoreChild.FILLED));
        if (child.waitFor(SECONDS, TimeUnit.SECONDS)) {
          throw new IOException("the store ended with " + child.exitValue());
        }
        return told;
      } finally {
        child.destroyForcibly().waitFor();
      }
    }

    private static long nanos(BufferedReader out, String what) throws IOException {
      String line = out.readLine();
      if (line == null || !line.startsWith(what + " ")) {
        throw new IOException("instead of " + what + " came: " + line);
      }
      return Long.parseLong(line.substring(what.length() + 1));
    }
  }

  /** What is not yet on the disk stays in memory. */
  private void forgetFiles() throws IOException, InterruptedException {
    try (Stream<Path> files = Files.walk(directory)) {
      for (Path file : (Iterable<Path>) files.filter(Files::isRegularFile)::iterator) {
        new ProcessBuilder("dd", "if=" + file, "iflag=nocache", "count=0", "status=none")
            .inheritIO()
            .start()
            .waitFor();
      }
    }
  }
}
