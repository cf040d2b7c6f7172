package dev.postrider.integration.bench;

import dev.postrider.integration.server.Installation;
import dev.postrider.integration.server.RunningServer;
import dev.postrider.testkit.files.FileTree;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.PrintStream;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.stream.Stream;

/**
 * A large mailbox over IMAP and TLS: filling it, opening it cold and warm, what Thunderbird asks of
 * it, flags, and starts of the server with it. The yardstick is one pass over the log, read from
 * the memory of the system: what every answer is made of.
 *
 * <p>Arguments: messages (default 100000), octets of a message (default 2048).
 */
public final class MailboxBench {

  private static final String USER = "bench@bench.test";
  private static final int SESSIONS = 16;

  private static final int FLAGGED = 10_000;
  private static final int TIMES = 5;

  /** What Thunderbird 153 fetches of messages that are new to it. */
  private static final String HEADERS =
      "UID FETCH 1:* (UID RFC822.SIZE FLAGS BODY.PEEK[HEADER.FIELDS (From To Cc Bcc Subject Date"
          + " Message-ID Priority X-Priority References Newsgroups In-Reply-To Content-Type"
          + " Reply-To List-Unsubscribe)])";

  private final int messages;
  private final int octets;
  private final PrintStream out;
  private long yardstick;

  private MailboxBench(int messages, int octets, PrintStream out) {
    this.messages = messages;
    this.octets = octets;
    this.out = out;
  }

  public static void main(String[] arguments) throws Exception {
    int messages = arguments.length > 0 ? Integer.parseInt(arguments[0]) : 100_000;
    int octets = arguments.length > 1 ? Integer.parseInt(arguments[1]) : 2048;
    Path root = Path.of(System.getProperty("postrider.root", "."));
    Path below = Files.createDirectories(root.resolve("integration-tests/target"));
    Path directory = Files.createTempDirectory(below, "bench");
    try {
      new MailboxBench(messages, octets, System.out).run(Installation.below(root), directory);
    } finally {
      FileTree.delete(directory);
    }
  }

  private void run(Installation installation, Path directory)
      throws IOException, InterruptedException {
    out.printf(
        Locale.ROOT,
        "load average before: %.2f; %d processors%n",
        ManagementFactory.getOperatingSystemMXBean().getSystemLoadAverage(),
        Runtime.getRuntime().availableProcessors());
    try (RunningServer server =
        RunningServer.start(installation, directory.resolve("server"), "bench.test", "")) {
      server.addAccount(USER, "bench");
      fill(server);
      yardstick = readLog(server);
      tell("one pass over the log, in memory", yardstick, "");
      server.stop();
      server.startAgain();
      tell("start of the server with it", server.startTime().toNanos(), "");
      ask(server);
      server.kill();
      server.startAgain();
      tell("start after kill -9", server.startTime().toNanos(), "");
      tellMemory(server);
    }
  }

  private void fill(RunningServer server) throws IOException, InterruptedException {
    long begin = System.nanoTime();
    Appends.run(() -> login(server), SESSIONS, messages, octets);
    long nanos = System.nanoTime() - begin;
    out.printf(
        Locale.ROOT,
        "%d messages of %d octets by APPEND, %d sessions: %.0f/s%n",
        messages,
        octets,
        SESSIONS,
        messages * 1e9 / nanos);
  }

  private void ask(RunningServer server) throws IOException {
    try (ImapWire wire = login(server)) {
      tell("SELECT, cold", wire.run("SELECT INBOX"));
      long[] warm = new long[TIMES];
      for (int i = 0; i < TIMES; i++) {
        wire.run("UNSELECT");
        warm[i] = wire.run("SELECT INBOX").nanos();
      }
      Arrays.sort(warm);
      tell("SELECT, warm", warm[TIMES / 2], "");
      for (int i = 1; i <= 2; i++) {
        tell("UID FETCH 1:* (FLAGS), time " + i, wire.run("UID FETCH 1:* (FLAGS)"));
      }
      for (int i = 1; i <= 2; i++) {
        tell("what Thunderbird fetches, time " + i, wire.run(HEADERS));
      }
      for (int i = 1; i <= 2; i++) {
        tell("ENVELOPE of all, time " + i, wire.run("UID FETCH 1:* (ENVELOPE)"));
      }
      for (int i = 1; i <= 2; i++) {
        tell("BODYSTRUCTURE of all, time " + i, wire.run("UID FETCH 1:* (BODYSTRUCTURE)"));
      }
      for (int i = 1; i <= 2; i++) {
        tell("BODY.PEEK[] of all, time " + i, wire.run("UID FETCH 1:* (BODY.PEEK[])"));
      }
      int some = Math.min(FLAGGED, messages);
      for (String change : List.of("+FLAGS (\\Seen)", "-FLAGS.SILENT (\\Seen)")) {
        tell("STORE 1:" + some + " " + change, wire.run("STORE 1:" + some + " " + change));
      }
      tell("UID SEARCH SUBJECT fox", wire.run("UID SEARCH SUBJECT fox"));
      for (String order : List.of("SORT (DATE)", "SORT (SUBJECT)", "THREAD REFERENCES")) {
        tell(order + " of all", wire.run("UID " + order + " UTF-8 ALL"));
      }
    }
  }

  private static ImapWire login(RunningServer server) throws IOException {
    ImapWire wire = ImapWire.open(server.port("imaps"), server.certificate());
    wire.run("LOGIN " + USER + " bench");
    return wire;
  }

  private long readLog(RunningServer server) throws IOException {
    byte[] buffer = new byte[1 << 16];
    long best = Long.MAX_VALUE;
    for (int i = 0; i < TIMES; i++) {
      long begin = System.nanoTime();
      try (Stream<Path> files = Files.list(server.dataDirectory().resolve("log"))) {
        for (Path file : files.toList()) {
          try (InputStream in = Files.newInputStream(file);
              OutputStream nowhere = OutputStream.nullOutputStream()) {
            for (int n = in.read(buffer); n >= 0; n = in.read(buffer)) {
              nowhere.write(buffer, 0, n);
            }
          }
        }
      }
      best = Math.min(best, System.nanoTime() - begin);
    }
    return best;
  }

  private void tell(String what, ImapWire.Reply reply) {
    String size =
        String.format(Locale.ROOT, "%9d lines, %10.1f KB", reply.lines(), reply.octets() / 1024.0);
    tell(what, reply.nanos(), size);
  }

  private void tell(String what, long nanos, String more) {
    out.printf(
        Locale.ROOT,
        "%-44s %9.1f ms  %7.2fx  %s%n",
        what,
        nanos / 1e6,
        (double) nanos / yardstick,
        more);
  }

  private void tellMemory(RunningServer server) throws IOException {
    Path status = Path.of("/proc", Long.toString(server.process().pid()), "status");
    if (Files.exists(status)) {
      for (String line : Files.readAllLines(status)) {
        if (line.startsWith("VmRSS") || line.startsWith("VmHWM")) {
          out.println(line.replaceAll("\\s+", " "));
        }
      }
    }
  }
}
