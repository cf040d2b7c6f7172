package dev.postrider.integration;

import dev.postrider.integration.server.Installation;
import dev.postrider.integration.server.RunningServer;
import dev.postrider.testkit.dialog.SocketTransport;
import dev.postrider.testkit.dialog.Transport;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/** What tests do with running servers. */
final class Servers {

  static final String PASSWORD = "correct horse";

  private static final Duration READ_MAX = Duration.ofSeconds(20);

  private Servers() {}

  static Installation installation() {
    return Installation.below(Path.of(System.getProperty("postrider.root")));
  }

  /** A server of {@code domain} with alice and bob. */
  static RunningServer start(Path directory, String domain, String more) throws IOException {
    RunningServer server = RunningServer.start(installation(), directory, domain, more);
    return withAccounts(server, domain);
  }

  static RunningServer withAccounts(RunningServer server, String domain) throws IOException {
    try {
      server.addAccount("alice@" + domain, PASSWORD);
      server.addAccount("bob@" + domain, PASSWORD);
      return server;
    } catch (IOException e) {
      server.close();
      throw e;
    }
  }

  static InetSocketAddress address(RunningServer server, String listener) {
    return new InetSocketAddress(InetAddress.getLoopbackAddress(), server.port(listener));
  }

  /** Opens the connection of a dialog by its name: {@code imaps}, {@code smtp2}. */
  static Transport.Opener opener(RunningServer server) {
    return name -> {
      String listener = name.replaceAll("\\d+$", "");
      InetSocketAddress address = address(server, listener);
      return listener.equals("imaps") || listener.equals("submissions")
          ? SocketTransport.connectTls(address, READ_MAX)
          : SocketTransport.connect(address, READ_MAX);
    };
  }

  /** A condition of the outside world, which tells nobody when it comes true. */
  interface Condition {
    boolean holds() throws Exception;
  }

  /** Asks again and again until it holds; fails after the time limit. */
  static void await(Duration limit, String what, Condition condition) throws Exception {
    CountDownLatch never = new CountDownLatch(1);
    long end = System.nanoTime() + limit.toNanos();
    while (!condition.holds()) {
      if (System.nanoTime() > end) {
        throw new AssertionError("not within " + limit + ": " + what);
      }
      if (never.await(100, TimeUnit.MILLISECONDS)) {
        throw new IllegalStateException("nobody counts this down");
      }
    }
  }
}
