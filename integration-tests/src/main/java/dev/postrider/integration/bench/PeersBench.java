package dev.postrider.integration.bench;

import dev.postrider.integration.peers.PostfixAndDovecot;
import dev.postrider.integration.server.Installation;
import dev.postrider.integration.server.RunningServer;
import dev.postrider.testkit.files.FileTree;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.List;
import java.util.stream.IntStream;

/**
 * The server against Debian's Postfix and Dovecot, on the same disk in the same run, by the same
 * load: durable deliveries until they are visible by IMAP, and whole mailboxes read.
 *
 * <p>Arguments: seconds of each load (default 5), messages to read (default 10000), octets of a
 * message (default 8192).
 */
public final class PeersBench {

  private static final String DOMAIN = "bench.test";
  private static final String PASSWORD = "bench";
  private static final String READER = "reader@" + DOMAIN;
  private static final int SESSIONS = 20;

  private PeersBench() {}

  public static void main(String[] arguments) throws Exception {
    Duration time = Duration.ofSeconds(arguments.length > 0 ? Long.parseLong(arguments[0]) : 5);
    int messages = arguments.length > 1 ? Integer.parseInt(arguments[1]) : 10_000;
    int octets = arguments.length > 2 ? Integer.parseInt(arguments[2]) : 8192;
    Path root = Path.of(System.getProperty("postrider.root", "."));
    // Not below /tmp: that may be memory, and an fsync there costs nothing.
    Path below = Files.createDirectories(root.resolve("integration-tests/target"));
    Installation installation;
    try {
      installation = Installation.below(root);
      PostfixAndDovecot.requireRunnable(below);
    } catch (IllegalStateException e) {
      System.err.println(e.getMessage());
      System.exit(1);
      return;
    }
    Path directory = Files.createTempDirectory(below, "bench").toAbsolutePath();
    Files.setPosixFilePermissions(directory, PosixFilePermissions.fromString("rwxr-xr-x"));
    try {
      run(installation, directory, time, messages, octets);
    } finally {
      FileTree.delete(directory);
    }
  }

  private static void run(
      Installation installation, Path directory, Duration time, int messages, int octets)
      throws IOException, InterruptedException {
    BarTable table = new BarTable(System.out);
    table.note("processors", Runtime.getRuntime().availableProcessors(), "");
    table.note("load average before", loadAverage(), "");
    List<String> accounts =
        IntStream.rangeClosed(1, SESSIONS).mapToObj(i -> "bench" + i + "@" + DOMAIN).toList();
    try (RunningServer server =
            RunningServer.start(installation, directory.resolve("postriderd"), DOMAIN, "");
        PostfixAndDovecot peers =
            PostfixAndDovecot.start(
                directory.resolve("peers"),
                DOMAIN,
                PASSWORD,
                server.certificate(),
                server.certificateKey())) {
      server.addAccount(READER, PASSWORD);
      for (String account : accounts) {
        server.addAccount(account, PASSWORD);
      }
      MailSystem ours =
          new MailSystem(
              "postriderd",
              server.port("smtp"),
              server.port("imaps"),
              server.certificate(),
              PASSWORD);
      MailSystem theirs =
          new MailSystem(
              "Postfix and Dovecot",
              peers.smtpPort(),
              peers.imapsPort(),
              server.certificate(),
              PASSWORD);
      UntilVisible deliveries = new UntilVisible(table, ours, theirs, directory, time, octets);
      deliveries.run(SESSIONS, accounts);
      deliveries.run(SESSIONS, accounts.subList(0, 1));
      deliveries.run(1, accounts.subList(0, 1));
      new ReadingAll(table, ours, theirs, READER, messages, octets).run();
    }
    table.note("load average after", loadAverage(), "");
    table.end();
  }

  static double loadAverage() {
    return ManagementFactory.getOperatingSystemMXBean().getSystemLoadAverage();
  }
}
