package dev.postrider.server.relay;

import static org.assertj.core.api.Assertions.assertThat;

import dev.postrider.protocol.address.MailAddress;
import dev.postrider.server.config.LimitsConfig;
import dev.postrider.server.config.RelayConfig;
import dev.postrider.server.config.RouteConfig;
import dev.postrider.server.config.RouteConfig.TlsLevel;
import dev.postrider.server.config.ServerConfig;
import dev.postrider.server.config.TlsConfig;
import dev.postrider.server.dns.ScriptedDns;
import dev.postrider.server.intake.Envelope;
import dev.postrider.server.intake.Intake;
import dev.postrider.storage.Commit;
import dev.postrider.storage.LocalStore;
import dev.postrider.storage.StoreException;
import dev.postrider.storage.StoreSettings;
import dev.postrider.storage.messages.MessageSource;
import dev.postrider.storage.queue.NewQueueEntry;
import dev.postrider.storage.queue.QueueEntry;
import dev.postrider.storage.queue.QueueId;
import dev.postrider.storage.queue.Settlement;
import dev.postrider.testkit.time.FakeClock;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Random;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;

/**
 * A courier with a real store in a directory, a clock that stands still, a DNS that says what it is
 * told, and an intake that notes what comes in.
 */
final class RelayBench implements AutoCloseable {

  static final MailAddress ALICE = new MailAddress("alice", "a.test");

  /** Long enough for a slow machine, short enough to notice. */
  private static final int PATIENCE_SECONDS = 20;

  final FakeClock clock = new FakeClock();
  final FillingDisk disk = new FillingDisk();
  final ScriptedDns dns = new ScriptedDns();
  final List<Notice> notices = new CopyOnWriteArrayList<>();
  private final Path directory;
  private final List<RouteConfig> routes = new ArrayList<>();
  private RelayConfig relay = RelayConfig.DEFAULTS;
  private PeerTimeouts timeouts = timeouts(Duration.ofSeconds(PATIENCE_SECONDS));
  private PeerTls tls = PeerTls.trusting(Optional.empty());
  private int mxPort = 25;
  private Optional<Courier> courier = Optional.empty();
  LocalStore store;

  /** A message that came to the intake. */
  record Notice(Envelope envelope, String text, List<Settlement> settlements) {}

  RelayBench(Path directory) throws StoreException {
    this.directory = directory;
    store = LocalStore.open(directory, clock, StoreSettings.defaults().withDisk(disk::under));
  }

  static PeerTimeouts timeouts(Duration each) {
    return new PeerTimeouts(
        Duration.ofMillis(250),
        each,
        each,
        each,
        each,
        each,
        each,
        each,
        each,
        each,
        each,
        each,
        1024);
  }

  RelayBench route(String domain, int port, TlsLevel level) {
    return route(domain, "127.0.0.1", port, level);
  }

  RelayBench route(String domain, String host, int port, TlsLevel level) {
    routes.add(new RouteConfig(domain, host, port, level));
    return this;
  }

  RelayBench each(Duration stage) {
    timeouts = timeouts(stage);
    return this;
  }

  RelayBench relay(RelayConfig config) {
    relay = config;
    return this;
  }

  RelayBench tls(PeerTls trust) {
    tls = trust;
    return this;
  }

  RelayBench mxPort(int port) {
    mxPort = port;
    return this;
  }

  RelayBench start() {
    ServerConfig config =
        new ServerConfig(
            "mx.a.test",
            List.of("a.test"),
            directory,
            Map.of(),
            routes,
            new TlsConfig(Optional.empty(), Optional.empty()),
            LimitsConfig.DEFAULTS,
            relay);
    Courier started =
        new Courier(
            config, store, new NotingIntake(), dns, clock, timeouts, tls, mxPort, new Random(1));
    started.start();
    courier = Optional.of(started);
    return this;
  }

  void stop(Duration grace) {
    courier.ifPresent(running -> running.stop(grace));
    courier = Optional.empty();
  }

  void reopen() throws StoreException {
    store.close();
    store = LocalStore.open(directory, clock, StoreSettings.defaults().withDisk(disk::under));
  }

  @Override
  public void close() throws StoreException {
    stop(Duration.ofSeconds(1));
    store.close();
  }

  /** Queues a message from alice. */
  List<QueueId> queue(String text, String... recipients) throws StoreException {
    return queue(Optional.of(ALICE), false, text, recipients);
  }

  List<QueueId> queue(
      Optional<MailAddress> sender, boolean smtpUtf8, String text, String... recipients)
      throws StoreException {
    List<NewQueueEntry> entries =
        Arrays.stream(recipients)
            .map(each -> MailAddress.parse(each).orElseThrow())
            .map(
                each ->
                    new NewQueueEntry(
                        sender, each, "t1", smtpUtf8, false, clock.instant(), clock.instant()))
            .toList();
    MessageSource message = MessageSource.of(text.getBytes(StandardCharsets.ISO_8859_1));
    return store.commit(Commit.of(new Commit.Deposit(message, List.of(), entries))).queued();
  }

  QueueEntry entry(QueueId id) throws StoreException {
    return store.queue().find(id).orElseThrow();
  }

  /** Waits until the queue is empty. */
  void awaitEmptyQueue() {
    await(() -> queueSize() == 0);
  }

  /** The same, when nothing but the courier itself knows that there is something to do. */
  void lookAgainUntilEmpty() {
    await(
        () -> {
          courier.ifPresent(Courier::lookAgain);
          return queueSize() == 0;
        });
  }

  /** Waits until so many attempts at the entry were made and written down. */
  QueueEntry awaitAttempts(QueueId id, int attempts) throws StoreException {
    await(() -> attemptsAt(id) >= attempts);
    return entry(id);
  }

  /** Moves the clock to when the entry is due. */
  void passTimeUntilDue(QueueId id) throws StoreException {
    clock.set(entry(id).nextAttempt());
    courier.ifPresent(Courier::lookAgain);
  }

  private int queueSize() {
    try {
      return store.queue().size();
    } catch (StoreException failure) {
      throw new AssertionError(failure);
    }
  }

  private int attemptsAt(QueueId id) {
    try {
      return store.queue().find(id).map(QueueEntry::attempts).orElse(Integer.MAX_VALUE);
    } catch (StoreException failure) {
      throw new AssertionError(failure);
    }
  }

  /** Waits until something is so. */
  static void await(BooleanSupplier condition) {
    CountDownLatch never = new CountDownLatch(1);
    int tries = PATIENCE_SECONDS * 100;
    try {
      for (int i = 0; i < tries && !condition.getAsBoolean(); i++) {
        assertThat(never.await(10, TimeUnit.MILLISECONDS)).isFalse();
      }
    } catch (InterruptedException interrupted) {
      throw new AssertionError(interrupted);
    }
    assertThat(condition.getAsBoolean()).as("in time").isTrue();
  }

  /** Carries settlements out, as the real one does, and keeps messages for the test. */
  private final class NotingIntake implements Intake {
    @Override
    public Recipient check(MailAddress recipient, boolean trusted, OptionalLong octets) {
      if (!recipient.domain().equals("a.test")) {
        return new Recipient.Remote();
      }
      return recipient.localPart().equals("gone") ? new Recipient.Unknown() : new Recipient.Local();
    }

    @Override
    public Accepted accept(Envelope envelope, MessageSource message, List<Settlement> settlements)
        throws StoreException {
      // Noted first: a test that sees the settlement must find the notice.
      notices.add(new Notice(envelope, text(message), settlements));
      store.commit(new Commit(List.of(), settlements));
      return new Accepted(1, List.of());
    }

    private static String text(MessageSource message) {
      try (InputStream in = message.open()) {
        return new String(in.readAllBytes(), StandardCharsets.ISO_8859_1);
      } catch (IOException failure) {
        throw new AssertionError(failure);
      }
    }
  }
}
