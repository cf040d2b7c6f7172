package dev.postrider.server.smtp;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.postrider.protocol.address.MailAddress;
import dev.postrider.server.auth.AccountAuthenticator;
import dev.postrider.server.auth.PasswordHash;
import dev.postrider.server.config.LimitsConfig;
import dev.postrider.server.config.ListenerKind;
import dev.postrider.server.config.RelayConfig;
import dev.postrider.server.config.ServerConfig;
import dev.postrider.server.config.TlsConfig;
import dev.postrider.server.delivery.Router;
import dev.postrider.server.intake.MailIntake;
import dev.postrider.server.net.ConnectionHandler;
import dev.postrider.server.net.Listeners;
import dev.postrider.server.net.PipeConnection;
import dev.postrider.server.net.TlsContext;
import dev.postrider.server.policy.HeaderSanity;
import dev.postrider.storage.LocalStore;
import dev.postrider.storage.Store;
import dev.postrider.storage.StoreException;
import dev.postrider.storage.StoreSettings;
import dev.postrider.storage.accounts.Account;
import dev.postrider.storage.mailboxes.MailboxId;
import dev.postrider.storage.messages.MailboxIndex;
import dev.postrider.storage.messages.Message;
import dev.postrider.storage.queue.QueueEntry;
import dev.postrider.testkit.dialog.DuplexPipe;
import dev.postrider.testkit.dialog.SocketTransport;
import dev.postrider.testkit.dialog.Transport;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * A server for mail with a store in a directory of the test: {@code a.test}, with alice and bob,
 * whose passwords are "demo".
 */
final class SmtpHouse implements AutoCloseable {

  static final Duration LIMIT = Duration.ofSeconds(20);

  /** Small enough to be reached by a test. */
  static final LimitsConfig LIMITS =
      new LimitsConfig(
          1024 * 1024,
          100,
          1000,
          1000,
          1000,
          150,
          Duration.ofMinutes(30),
          Duration.ofSeconds(10),
          Duration.ofSeconds(5),
          Duration.ofMinutes(1),
          20);

  private final Store store;
  private final SmtpHandlers handlers;
  private final Listeners listeners;
  private final Map<ListenerKind, InetSocketAddress> addresses = new EnumMap<>(ListenerKind.class);
  private final Map<MailboxId, Integer> seen = new java.util.HashMap<>();

  SmtpHouse(Path directory) throws Exception {
    InstantSource clock = InstantSource.system();
    this.store = LocalStore.open(directory, clock, StoreSettings.defaults());
    ServerConfig config =
        new ServerConfig(
            "mx.a.test",
            List.of("a.test"),
            directory,
            Map.of(),
            List.of(),
            new TlsConfig(Optional.empty(), Optional.empty()),
            LIMITS,
            RelayConfig.DEFAULTS);
    String credential = PasswordHash.create("demo".getBytes(UTF_8));
    store.accounts().create(address("alice@a.test"), credential);
    store.accounts().create(address("bob@a.test"), credential);
    this.handlers =
        new SmtpHandlers(
            config,
            new MailIntake(new Router(config.domains(), store), store, clock),
            new AccountAuthenticator(store.accounts(), config.domains(), LIMITS, clock),
            store.spool(),
            new HeaderSanity(),
            clock);
    this.listeners =
        new Listeners(LIMITS, TlsContext.load(config.tls(), directory, "mx.a.test", clock), clock);
    for (ListenerKind kind :
        List.of(ListenerKind.SMTP, ListenerKind.SUBMISSION, ListenerKind.SUBMISSIONS)) {
      InetSocketAddress any = new InetSocketAddress(InetAddress.getLoopbackAddress(), 0);
      addresses.put(kind, listeners.open(kind, any, handlers.of(kind).orElseThrow()).address());
    }
  }

  static MailAddress address(String text) {
    return MailAddress.parse(text).orElseThrow();
  }

  Store store() {
    return store;
  }

  Listeners listeners() {
    return listeners;
  }

  InetSocketAddress address(ListenerKind kind) {
    InetSocketAddress address = addresses.get(kind);
    if (address == null) {
      throw new IllegalArgumentException(kind.key());
    }
    return address;
  }

  /** Whether a listener still takes connections. */
  boolean accepts(ListenerKind kind) {
    try (Transport probe = SocketTransport.connect(address(kind), LIMIT)) {
      return probe.in().read() > 0;
    } catch (IOException e) {
      return false;
    }
  }

  /** A session on a real socket. */
  Transport socket(ListenerKind kind) throws IOException {
    return kind.tlsFromStart()
        ? SocketTransport.connectTls(address(kind), LIMIT)
        : SocketTransport.connect(address(kind), LIMIT);
  }

  /** A session in memory. */
  Transport pipe(ListenerKind kind) throws IOException {
    return pipe(kind, "");
  }

  /** A session in memory whose client has said something before it begins. */
  Transport pipe(ListenerKind kind, String said) throws IOException {
    DuplexPipe pipe = new DuplexPipe(64 * 1024, LIMIT);
    pipe.client().out().write(said.getBytes(UTF_8));
    PipeConnection connection = new PipeConnection(pipe.server(), kind.tlsFromStart());
    Thread.ofVirtual()
        .start(
            () -> {
              try (connection) {
                handlers.of(kind).orElseThrow().serve(connection, new NeverDrains());
              } catch (IOException e) {
                // The dialog sees the end of the connection.
                return;
              } catch (Exception e) {
                throw new IllegalStateException(e);
              }
            });
    return pipe.client();
  }

  /** Texts of the messages that came to somebody's INBOX since the last call. */
  List<String> newMail(String who) throws Exception {
    Account account = store.accounts().find(address(who)).orElseThrow();
    MailboxId inbox = store.mailboxes().find(account.id(), "INBOX").orElseThrow().id();
    List<String> texts = new ArrayList<>();
    try (MailboxIndex index = store.messages().open(inbox)) {
      List<Message> all = index.snapshot().messages();
      for (Message message : all.subList(seen.getOrDefault(inbox, 0), all.size())) {
        try (InputStream in = store.messages().body(message.body()).open()) {
          texts.add(new String(in.readAllBytes(), UTF_8));
        }
      }
      seen.put(inbox, all.size());
    }
    return texts;
  }

  List<QueueEntry> queue() throws Exception {
    return store.queue().list(10_000);
  }

  @Override
  public void close() throws StoreException {
    listeners.close();
    store.close();
  }

  private static final class NeverDrains implements ConnectionHandler.Drain {
    @Override
    public boolean isDraining() {
      return false;
    }

    @Override
    public void onDrain(Runnable action) {}
  }
}
