package dev.postrider.integration.bench;

import dev.postrider.integration.peers.Dovecot;
import dev.postrider.integration.server.Installation;
import dev.postrider.integration.server.RunningServer;
import dev.postrider.testkit.files.FileTree;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import javax.net.ssl.SSLContext;

/**
 * Clients that wait: what each takes in the server, how soon one hears of a delivery while all
 * wait, and whole TLS handshakes per second; beside Debian's Dovecot with the same certificate.
 *
 * <p>Arguments: clients of the server (default 10000), clients of Dovecot (default 1000; each is a
 * process or two), deliveries (default 1000).
 */
public final class IdleBench {

  private static final String PASSWORD = "bench";
  private static final String DOMAIN = "bench.test";
  private static final String WATCHED = "watched@" + DOMAIN;
  private static final int ACCOUNTS = 20;
  private static final int OPENERS = 8;
  private static final int HANDSHAKES = 1000;
  private static final int HEARD_WITHIN_SECONDS = 60;

  /** DESIGN section 10. */
  private static final double HEAP_KB_BAR = 12;

  private static final double MIDDLE_MS_BAR = 2;
  private static final double SLOWEST_MS_BAR = 20;

  private final BarTable table = new BarTable(System.out);

  private IdleBench() {}

  public static void main(String[] arguments) throws Exception {
    int ours = arguments.length > 0 ? Integer.parseInt(arguments[0]) : 10_000;
    int theirs = arguments.length > 1 ? Integer.parseInt(arguments[1]) : 1_000;
    int deliveries = arguments.length > 2 ? Integer.parseInt(arguments[2]) : 1_000;
    Dovecot.requireKnownVersion();
    Path root = Path.of(System.getProperty("postrider.root", "."));
    Path below = Files.createDirectories(root.resolve("integration-tests/target"));
    Path directory = Files.createTempDirectory(below, "bench").toAbsolutePath();
    Files.setPosixFilePermissions(directory, PosixFilePermissions.fromString("rwxr-xr-x"));
    String limits = "[limits]\nconnections = 60000\nconnections_per_address = 60000";
    try (RunningServer server =
        RunningServer.start(
            Installation.below(root), directory.resolve("postriderd"), DOMAIN, limits)) {
      new IdleBench().run(server, directory.resolve("dovecot"), ours, theirs, deliveries);
    } finally {
      FileTree.delete(directory);
    }
  }

  private void run(RunningServer server, Path directory, int ours, int theirs, int deliveries)
      throws IOException, InterruptedException {
    table.note("processors", Runtime.getRuntime().availableProcessors(), "");
    table.note("load average before", PeersBench.loadAverage(), "");
    for (String account : accounts()) {
      server.addAccount(account, PASSWORD);
      Dovecot.maildir(directory, account);
    }
    MailSystem our =
        new MailSystem(
            "postriderd",
            server.port("smtp"),
            server.port("imaps"),
            server.certificate(),
            PASSWORD);
    try (Dovecot dovecot =
        Dovecot.start(directory, PASSWORD, server.certificate(), server.certificateKey())) {
      MailSystem their =
          new MailSystem(
              "Dovecot", dovecot.lmtpPort(), dovecot.imapsPort(), server.certificate(), PASSWORD);
      handshakes(our, their);
      table.heading(ours + " clients of postriderd wait");
      long heapBefore = ProcessMemory.heap(server.process());
      double[] oursHeard =
          heard(
              our,
              "EHLO",
              ours,
              deliveries,
              () -> {
                long heap = ProcessMemory.heap(server.process()) - heapBefore;
                table.atMost("heap of each, after GC", heap / 1024.0 / ours, HEAP_KB_BAR, "KB");
                long all = ProcessMemory.proportional(server.process());
                table.note("memory of the process", all / 1e6, "MB");
              });
      table.atMost("250 to EXISTS, median", oursHeard[0], MIDDLE_MS_BAR, "ms");
      table.atMost("250 to EXISTS, 99 of 100", oursHeard[1], SLOWEST_MS_BAR, "ms");
      table.heading(theirs + " clients of Dovecot wait, delivery by LMTP");
      long before = ProcessMemory.proportional(dovecot.process());
      double[] theirsHeard =
          heard(
              their,
              "LHLO",
              theirs,
              Math.max(1, deliveries / 100),
              () -> {
                long memory = ProcessMemory.proportional(dovecot.process()) - before;
                table.note("memory of each", memory / 1024.0 / theirs, "KB");
              });
      table.note("250 to EXISTS, median", theirsHeard[0], "ms");
      table.note("250 to EXISTS, 99 of 100", theirsHeard[1], "ms");
    }
    table.note("load average after", PeersBench.loadAverage(), "");
    table.end();
  }

  private static List<String> accounts() {
    List<String> accounts = new ArrayList<>(List.of(WATCHED));
    for (int i = 1; i <= ACCOUNTS; i++) {
      accounts.add("idle" + i + "@" + DOMAIN);
    }
    return accounts;
  }

  private void handshakes(MailSystem our, MailSystem their) throws IOException {
    table.heading("connections, each with a whole TLS handshake");
    Handshakes ours = new Handshakes(our.imapsPort());
    Handshakes theirs = new Handshakes(their.imapsPort());
    ours.seconds(HANDSHAKES);
    theirs.seconds(HANDSHAKES);
    new InTurn(table, our.name(), their.name())
        .compare(
            "TLS handshakes",
            HANDSHAKES,
            "connections",
            () -> ours.seconds(HANDSHAKES),
            () -> theirs.seconds(HANDSHAKES));
  }

  /** Looks at the server while all wait. */
  @FunctionalInterface
  private interface Look {
    void look() throws IOException;
  }

  /** Milliseconds from the 250 to the EXISTS, of which nothing is less than 0: middle and 99th. */
  private double[] heard(MailSystem system, String hello, int clients, int deliveries, Look look)
      throws IOException, InterruptedException {
    SSLContext tls = ServerTls.believing(system.certificate());
    BlockingQueue<Long> exists = new ArrayBlockingQueue<>(16);
    List<IdleClient> waiting = new ArrayList<>();
    long begin = System.nanoTime();
    try (OneByOne sender = new OneByOne(system.smtpPort(), hello, WATCHED)) {
      // The first: Dovecot watches by inotify only as long as the kernel lets the user.
      waiting.add(IdleClient.open(system, tls, WATCHED, exists::add));
      waiting.addAll(open(system, tls, clients - 1));
      double seconds = (System.nanoTime() - begin) / 1e9;
      table.note("they came, logged in and selected", clients / seconds, "clients/s");
      look.look();
      double[] millis = new double[deliveries];
      for (int i = 0; i < deliveries; i++) {
        OneByOne.Delivered delivered = sender.deliver();
        Long heard = exists.poll(HEARD_WITHIN_SECONDS, TimeUnit.SECONDS);
        if (heard == null) {
          throw new IOException("nobody was told of delivery " + i);
        }
        millis[i] = Math.max(0, (heard - delivered.acknowledged()) / 1e6);
      }
      Arrays.sort(millis);
      return new double[] {millis[deliveries / 2], millis[deliveries * 99 / 100]};
    } finally {
      for (IdleClient client : waiting) {
        client.close();
      }
    }
  }

  private static List<IdleClient> open(MailSystem system, SSLContext tls, int count)
      throws IOException, InterruptedException {
    List<String> accounts = accounts().subList(1, ACCOUNTS + 1);
    List<Callable<IdleClient>> openings = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      String account = accounts.get(i % ACCOUNTS);
      openings.add(() -> IdleClient.open(system, tls, account, at -> {}));
    }
    List<IdleClient> clients = new ArrayList<>();
    try (ExecutorService threads = Executors.newFixedThreadPool(OPENERS)) {
      for (Future<IdleClient> opened : threads.invokeAll(openings)) {
        clients.add(opened.get());
      }
      return clients;
    } catch (ExecutionException e) {
      throw new IOException(
          String.format(Locale.ROOT, "client %d failed: %s", clients.size(), e.getMessage()), e);
    }
  }
}
