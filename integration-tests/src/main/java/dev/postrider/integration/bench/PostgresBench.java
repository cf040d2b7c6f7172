package dev.postrider.integration.bench;

import dev.postrider.integration.server.Installation;
import dev.postrider.integration.server.RunningServer;
import dev.postrider.testkit.files.FileTree;
import dev.postrider.testkit.postgres.PostgresServer;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.stream.IntStream;

/**
 * What it costs to keep mail in PostgreSQL, on this machine too, instead of the server's own
 * directory: two servers get the same work in turn.
 *
 * <p>Arguments: seconds of each load (default 5), messages in the mailbox (default 20000), octets
 * of a message (default 8192).
 */
public final class PostgresBench {

  private static final String DOMAIN = "bench.test";
  private static final String PASSWORD = "bench";
  private static final String READER = "reader@" + DOMAIN;
  private static final int SESSIONS = 20;
  private static final int FILLING_SESSIONS = 8;
  private static final int ROUNDS = 3;
  private static final int TIMES = 5;
  private static final int STORED = 10_000;

  /** Something that is measured on one server; more is worse. */
  private interface Measured {
    double millis(RunningServer server) throws IOException;
  }

  private final BarTable table;
  private final RunningServer local;
  private final RunningServer shared;
  private final Duration time;
  private final int messages;
  private final int octets;

  private PostgresBench(
      BarTable table,
      RunningServer local,
      RunningServer shared,
      Duration time,
      int messages,
      int octets) {
    this.table = table;
    this.local = local;
    this.shared = shared;
    this.time = time;
    this.messages = messages;
    this.octets = octets;
  }

  public static void main(String[] arguments) throws Exception {
    Duration time = Duration.ofSeconds(arguments.length > 0 ? Long.parseLong(arguments[0]) : 5);
    int messages = arguments.length > 1 ? Integer.parseInt(arguments[1]) : 20_000;
    int octets = arguments.length > 2 ? Integer.parseInt(arguments[2]) : 8192;
    Path root = Path.of(System.getProperty("postrider.root", "."));
    Path below = Files.createDirectories(root.resolve("integration-tests/target"));
    Installation installation = Installation.below(root);
    Path directory = Files.createTempDirectory(below, "bench");
    try (PostgresServer postgres = startPostgres()) {
      String store = "[store]\nurl = \"" + postgres.newDatabase().url() + "\"\n";
      try (RunningServer local =
              RunningServer.start(installation, directory.resolve("local"), DOMAIN, "");
          RunningServer shared =
              RunningServer.start(installation, directory.resolve("shared"), DOMAIN, store)) {
        new PostgresBench(new BarTable(System.out), local, shared, time, messages, octets).run();
      }
    } finally {
      FileTree.delete(directory);
    }
  }

  /** Says what to install where there is none. */
  private static PostgresServer startPostgres() {
    try {
      return PostgresServer.start();
    } catch (IOException e) {
      System.err.println(e.getMessage());
      System.exit(1);
      throw new IllegalStateException(e);
    }
  }

  private void run() throws IOException, InterruptedException {
    table.note("processors", Runtime.getRuntime().availableProcessors(), "");
    table.note("load average before", PeersBench.loadAverage(), "");
    List<String> accounts =
        IntStream.rangeClosed(1, SESSIONS).mapToObj(i -> "bench" + i + "@" + DOMAIN).toList();
    for (RunningServer server : List.of(local, shared)) {
      server.addAccount(READER, PASSWORD);
      for (String account : accounts) {
        server.addAccount(account, PASSWORD);
      }
    }
    table.heading(
        String.format(Locale.ROOT, "durable deliveries of %d octets, PostgreSQL / local", octets));
    deliveries(1, accounts.subList(0, 1));
    deliveries(SESSIONS, accounts.subList(0, 1));
    deliveries(SESSIONS, accounts);
    mailbox();
    table.note("load average after", PeersBench.loadAverage(), "");
  }

  private void deliveries(int sessions, List<String> accounts)
      throws IOException, InterruptedException {
    String loaded =
        String.format(Locale.ROOT, "sessions: %d, mailboxes: %d", sessions, accounts.size());
    double[] ratios = new double[ROUNDS];
    for (int round = 0; round < ROUNDS; round++) {
      double own = delivered(local, sessions, accounts);
      double database = delivered(shared, sessions, accounts);
      ratios[round] = database / own;
      table.note(
          loaded + ", round " + (round + 1),
          String.format(
              Locale.ROOT,
              "PostgreSQL %.0f/s, local %.0f/s; load average %.1f",
              database,
              own,
              PeersBench.loadAverage()));
    }
    table.note(loaded + ", median of " + ROUNDS, middle(ratios), "x");
  }

  private double delivered(RunningServer server, int sessions, List<String> accounts)
      throws IOException, InterruptedException {
    return new SmtpLoad(server.port("smtp"), accounts, octets)
        .run(sessions, time.dividedBy(3), time)
        .perSecond();
  }

  private void mailbox() throws IOException, InterruptedException {
    table.heading(
        String.format(
            Locale.ROOT, "a mailbox with %d messages, PostgreSQL / local, in time", messages));
    for (RunningServer server : List.of(local, shared)) {
      Appends.run(() -> login(server), FILLING_SESSIONS, messages, octets);
    }
    compare("SELECT, cold", 1, this::selectCold);
    compare("SELECT, warm", TIMES, PostgresBench::selectWarm);
    int some = Math.min(STORED, messages);
    compare(
        some + " flags in one STORE", TIMES, server -> store(server, "1:" + some, "+FLAGS.SILENT"));
    compare(
        some + " flags taken by one STORE",
        TIMES,
        server -> store(server, "1:" + some, "-FLAGS.SILENT"));
  }

  private void compare(String what, int times, Measured measured) throws IOException {
    double[] own = new double[times];
    double[] database = new double[times];
    for (int i = 0; i < times; i++) {
      own[i] = measured.millis(local);
      database[i] = measured.millis(shared);
    }
    double ownMiddle = middle(own);
    double databaseMiddle = middle(database);
    table.note(
        what + (times > 1 ? ", median of " + times : ""),
        String.format(
            Locale.ROOT,
            "PostgreSQL %.1f ms, local %.1f ms, %.2f x",
            databaseMiddle,
            ownMiddle,
            databaseMiddle / ownMiddle));
  }

  private double selectCold(RunningServer server) throws IOException {
    server.stop();
    server.startAgain();
    try (ImapWire wire = login(server)) {
      return select(wire);
    }
  }

  private static double selectWarm(RunningServer server) throws IOException {
    try (ImapWire wire = login(server)) {
      select(wire);
      wire.run("UNSELECT");
      return select(wire);
    }
  }

  /** All of them change only when none has the flag, or all have it. */
  private static double store(RunningServer server, String messages, String how)
      throws IOException {
    try (ImapWire wire = login(server)) {
      select(wire);
      String before = how.startsWith("+") ? "-FLAGS.SILENT" : "+FLAGS.SILENT";
      wire.run("STORE " + messages + " " + before + " (\\Seen)");
      return wire.run("STORE " + messages + " " + how + " (\\Seen)").nanos() / 1e6;
    }
  }

  private static double select(ImapWire wire) throws IOException {
    return wire.run("SELECT INBOX").nanos() / 1e6;
  }

  private static ImapWire login(RunningServer server) throws IOException {
    ImapWire wire = ImapWire.open(server.port("imaps"), server.certificate());
    wire.run("LOGIN " + READER + " " + PASSWORD);
    return wire;
  }

  private static double middle(double[] values) {
    Arrays.sort(values);
    return values[values.length / 2];
  }
}
