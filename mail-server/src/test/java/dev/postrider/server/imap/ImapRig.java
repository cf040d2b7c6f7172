package dev.postrider.server.imap;

import dev.postrider.protocol.address.MailAddress;
import dev.postrider.protocol.imap.Extension;
import dev.postrider.server.auth.Authenticator;
import dev.postrider.server.auth.PasswordsAlone;
import dev.postrider.server.config.ImapConfig;
import dev.postrider.server.config.LimitsConfig;
import dev.postrider.server.config.ListenerKind;
import dev.postrider.server.config.RelayConfig;
import dev.postrider.server.config.ServerConfig;
import dev.postrider.server.config.TlsConfig;
import dev.postrider.server.net.ConnectionHandler;
import dev.postrider.server.net.Listeners;
import dev.postrider.server.net.TlsConfigException;
import dev.postrider.server.net.TlsContext;
import dev.postrider.storage.Commit;
import dev.postrider.storage.LocalStore;
import dev.postrider.storage.StoreException;
import dev.postrider.storage.StoreSettings;
import dev.postrider.storage.accounts.Account;
import dev.postrider.storage.accounts.Quota;
import dev.postrider.storage.mailboxes.Mailbox;
import dev.postrider.storage.messages.Flags;
import dev.postrider.storage.messages.MessageSource;
import dev.postrider.testkit.dialog.Dialog;
import dev.postrider.testkit.dialog.DialogPlayer;
import dev.postrider.testkit.dialog.DuplexPipe;
import dev.postrider.testkit.dialog.SocketTransport;
import dev.postrider.testkit.dialog.Transport;
import dev.postrider.testkit.time.FakeClock;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/**
 * A store with the accounts alice, bob and carol (password "secret"), and IMAP sessions on pipes. A
 * connection whose name begins with "plain" starts without TLS, every other one with it.
 */
final class ImapRig implements AutoCloseable {

  static final MailAddress ALICE = new MailAddress("alice", "a.test");
  static final MailAddress BOB = new MailAddress("bob", "a.test");

  /** With limits: 3 KiB, 4 messages, 8 mailboxes. */
  static final MailAddress CAROL = new MailAddress("carol", "a.test");

  final FakeClock clock = new FakeClock();

  /** Passes each time that a session looks at the clock. */
  volatile Duration tick = Duration.ZERO;

  final LocalStore store;
  final ServerConfig config;
  final ImapConnectionHandler handler;
  private final AtomicInteger connections = new AtomicInteger();

  /** Of sessions that have not ended. */
  private final Set<Runnable> drains = ConcurrentHashMap.newKeySet();

  private final Set<Thread> sessions = ConcurrentHashMap.newKeySet();
  private volatile boolean draining;
  private @Nullable Listeners listeners;

  ImapRig(Path directory) throws StoreException {
    this(directory, LimitsConfig.DEFAULTS);
  }

  ImapRig(Path directory, LimitsConfig limits) throws StoreException {
    this(directory, limits, StoreSettings.defaults());
  }

  ImapRig(Path directory, LimitsConfig limits, StoreSettings settings) throws StoreException {
    this(directory, limits, settings, ImapConfig.DEFAULTS);
  }

  /** Without some extensions. */
  ImapRig(Path directory, Extension... without) throws StoreException {
    this(
        directory,
        LimitsConfig.DEFAULTS,
        StoreSettings.defaults(),
        new ImapConfig(Set.of(without), List.of(), 0, ImapConfig.DEFAULTS.idleWord()));
  }

  /** Where extensions are switched off. */
  ImapRig(Path directory, ImapConfig imap) throws StoreException {
    this(directory, LimitsConfig.DEFAULTS, StoreSettings.defaults(), imap);
  }

  private ImapRig(Path directory, LimitsConfig limits, StoreSettings settings, ImapConfig imap)
      throws StoreException {
    store = LocalStore.open(directory, clock, settings);
    if (store.accounts().find(ALICE).isEmpty()) {
      store.accounts().create(ALICE, "none");
      store.accounts().create(BOB, "none");
      store.quotas().change(store.accounts().create(CAROL, "none").id(), new Quota(3072, 4, 8));
    }
    config =
        new ServerConfig(
                "mx.a.test",
                List.of("a.test"),
                directory,
                Map.of(),
                List.of(),
                new TlsConfig(Optional.empty(), Optional.empty()),
                limits,
                RelayConfig.DEFAULTS)
            .withImap(imap);
    PasswordsAlone authenticator = this::authenticate;
    handler = new ImapConnectionHandler(config, store, authenticator, this::now);
  }

  /** Of a client that understands this. */
  static Dialect dialect(Awareness awareness) {
    Dialect dialect = new Dialect(Extension.allBut(Set.of()));
    dialect.aware(awareness);
    return dialect;
  }

  private Instant now() {
    clock.advance(tick);
    return clock.instant();
  }

  private Authenticator.Outcome authenticate(String name, byte[] password, InetAddress from)
      throws StoreException {
    if (name.equals("throttled@a.test")) {
      return new Authenticator.Outcome.Throttled(Duration.ofSeconds(30));
    }
    boolean right = new String(password, StandardCharsets.UTF_8).equals("secret");
    Optional<Account> account =
        MailAddress.parse(name).isPresent()
            ? store.accounts().find(MailAddress.parse(name).get())
            : Optional.empty();
    return right && account.isPresent()
        ? new Authenticator.Outcome.Granted(account.get())
        : new Authenticator.Outcome.Denied();
  }

  /** Opens a connection that a session serves. */
  Transport open(String name) {
    return open(name, new DuplexPipe());
  }

  Transport open(String name, DuplexPipe pipe) {
    PipeConnection connection =
        new PipeConnection(
            "s" + connections.incrementAndGet(), pipe.server(), !name.startsWith("plain"));
    sessions.add(
        Thread.ofVirtual()
            .start(
                () -> {
                  RigDrain drain = new RigDrain();
                  handler.serve(connection, drain);
                  connection.close();
                  drain.forget();
                  sessions.remove(Thread.currentThread());
                }));
    return pipe.client();
  }

  /** The same on sockets, with real TLS. */
  Transport connect(String name) throws IOException {
    if (listeners == null) {
      listeners = listen();
    }
    boolean plain = name.startsWith("plain");
    ListenerKind wanted = plain ? ListenerKind.IMAP : ListenerKind.IMAPS;
    InetSocketAddress address =
        listeners.all().stream()
            .filter(listener -> listener.kind() == wanted)
            .findFirst()
            .orElseThrow()
            .address();
    Duration limit = Duration.ofSeconds(10);
    return plain
        ? SocketTransport.connect(address, limit)
        : SocketTransport.connectTls(address, limit);
  }

  private Listeners listen() throws IOException {
    try {
      TlsContext tls =
          TlsContext.load(config.tls(), config.dataDirectory(), config.hostname(), clock);
      Listeners opened = new Listeners(config.limits(), tls, clock);
      InetSocketAddress any = new InetSocketAddress(InetAddress.getLoopbackAddress(), 0);
      opened.open(ListenerKind.IMAP, any, handler);
      opened.open(ListenerKind.IMAPS, any, handler);
      return opened;
    } catch (TlsConfigException e) {
      throw new IOException(e);
    }
  }

  void play(Dialog dialog) {
    try (DialogPlayer player = new DialogPlayer(this::open)) {
      player.play(dialog);
    }
  }

  /** Plays {@code lines} as a dialog. */
  void play(String lines) {
    play(Dialog.parse("dialog", lines));
  }

  Mailbox mailbox(String name) throws StoreException {
    Account alice = store.accounts().find(ALICE).orElseThrow();
    return store.mailboxes().find(alice.id(), name).orElseThrow();
  }

  /** Puts a message into a mailbox of alice's, as a delivery does. */
  void deliver(String mailbox, String message) throws StoreException {
    byte[] octets = message.replace("\n", "\r\n").getBytes(StandardCharsets.UTF_8);
    store.commit(
        Commit.of(
            new Commit.Deposit(
                MessageSource.of(octets),
                List.of(new Commit.Filing(mailbox(mailbox).id(), Flags.NONE, clock.instant())),
                List.of())));
  }

  /** Flips a bit of what is stored where {@code word} is first; no store is open there. */
  static void damage(Path directory, String word) throws IOException {
    Path segment = directory.resolve("log/00000001.seg");
    byte[] log = Files.readAllBytes(segment);
    int inBody = new String(log, StandardCharsets.ISO_8859_1).indexOf(word);
    log[inBody] = (byte) (log[inBody] ^ 1);
    Files.write(segment, log);
  }

  void drain() {
    draining = true;
    List.copyOf(drains).forEach(action -> Thread.ofVirtual().start(action));
  }

  /** Waits until every session has ended. */
  void awaitSessions() throws InterruptedException {
    for (Thread session : sessions) {
      if (!session.join(Duration.ofSeconds(10))) {
        throw new AssertionError("a session does not end");
      }
    }
  }

  @Override
  public void close() throws StoreException {
    if (listeners != null) {
      listeners.close();
    }
    store.close();
  }

  /** Of one session. */
  private final class RigDrain implements ConnectionHandler.Drain {
    private @Nullable Runnable atDrain;

    void forget() {
      if (atDrain != null) {
        drains.remove(atDrain);
      }
    }

    @Override
    public boolean isDraining() {
      return draining;
    }

    @Override
    public void onDrain(Runnable action) {
      atDrain = action;
      drains.add(action);
    }
  }
}
