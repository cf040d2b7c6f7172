package dev.postrider.server.main;

import com.google.inject.CreationException;
import com.google.inject.Guice;
import com.google.inject.Injector;
import com.google.inject.ProvisionException;
import com.google.inject.Stage;
import dev.postrider.server.admin.Administration;
import dev.postrider.server.admin.ControlSocket;
import dev.postrider.server.admin.StoreAdministration;
import dev.postrider.server.config.ListenerKind;
import dev.postrider.server.config.ServerConfig;
import dev.postrider.server.http.Health;
import dev.postrider.server.http.HttpService;
import dev.postrider.server.net.ConnectionHandler;
import dev.postrider.server.net.Listeners;
import dev.postrider.server.net.TlsConfigException;
import dev.postrider.server.relay.Courier;
import dev.postrider.server.transfer.Transfers;
import dev.postrider.storage.Store;
import dev.postrider.storage.StoreException;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.EnumMap;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A running server.
 *
 * <p>It starts from the inside out: store, certificate, listeners, courier, health, control socket;
 * so nothing takes mail that could not be kept. It stops the other way: no new connections,
 * sessions finish the reply they are about, the courier finishes the message it carries, the store
 * writes its last checkpoint. What was started before a failing step is stopped again.
 */
final class Server implements AutoCloseable {

  private static final Logger log = LoggerFactory.getLogger(Server.class);

  /** What sessions get to finish: less than the ten seconds after which containers are killed. */
  private static final Duration SESSIONS_GRACE = Duration.ofSeconds(5);

  private static final Duration COURIER_GRACE = Duration.ofSeconds(2);

  private final ServerConfig config;
  private final Clock clock;
  private final Instant started;
  private final Store store;
  private final Administration administration;
  private final Deque<Stop> stops = new ArrayDeque<>();
  private final Map<ListenerKind, InetSocketAddress> addresses = new EnumMap<>(ListenerKind.class);
  private volatile @Nullable Listeners listeners;
  private volatile boolean stopping;

  /** One step of stopping. */
  private record Stop(String what, Step step) {
    interface Step {
      void run() throws Exception;
    }
  }

  private Server(ServerConfig config, Clock clock, Store store) {
    this.config = config;
    this.clock = clock;
    this.started = clock.instant();
    this.store = store;
    this.administration =
        new StoreAdministration(
            store, config.domains(), config.auth().scram(), clock, this::status);
  }

  /**
   * Starts everything that is configured; when it returns, mail is accepted.
   *
   * @param onFatal told when nobody knows what is on the disk: the process is to end at once
   */
  static Server start(ServerConfig config, Clock clock, Consumer<StoreException> onFatal)
      throws StoreException {
    Server server = new Server(config, clock, Stores.open(config, clock, onFatal));
    try {
      server.stops.push(new Stop("store", server.store::close));
      server.startServices();
      return server;
    } catch (Exception failed) {
      server.close();
      throw explain(failed);
    }
  }

  private void startServices() throws Exception {
    Injector injector =
        Guice.createInjector(Stage.DEVELOPMENT, ServerModules.of(config, store, clock));
    Listeners all = injector.getInstance(Listeners.class);
    Courier courier = injector.getInstance(Courier.class);
    stops.push(new Stop("courier", () -> courier.stop(COURIER_GRACE)));
    stops.push(new Stop("listeners", () -> all.stop(SESSIONS_GRACE)));
    Handlers handlers = injector.getInstance(Handlers.class);
    for (ListenerKind kind : ListenerKind.values()) {
      InetSocketAddress address = config.listen().get(kind);
      Optional<ConnectionHandler> handler = handlers.of(kind);
      if (address != null && handler.isPresent()) {
        open(all, kind, address, handler.get());
      }
    }
    listeners = all;
    courier.start();
    InetSocketAddress http = config.listen().get(ListenerKind.HTTP);
    if (http != null) {
      startHttp(http);
    }
    startControl();
  }

  private void open(
      Listeners all, ListenerKind kind, InetSocketAddress address, ConnectionHandler handler) {
    try {
      addresses.put(kind, all.open(kind, address, handler).address());
    } catch (IOException failed) {
      throw refuseAddress(kind, address, failed);
    }
  }

  private void startHttp(InetSocketAddress address) {
    try {
      HttpService service = HttpService.start(address, this::health);
      stops.push(new Stop("http", service::close));
      addresses.put(ListenerKind.HTTP, service.address());
    } catch (IOException failed) {
      throw refuseAddress(ListenerKind.HTTP, address, failed);
    }
  }

  private void startControl() {
    try {
      ControlSocket control =
          ControlSocket.open(
              config.dataDirectory(),
              administration,
              new Transfers(store, config.limits().messageOctetsMax()));
      stops.push(new Stop("control", control::close));
    } catch (IOException | RuntimeException failed) {
      // Such as a path that is too long for a socket. Mail works without it.
      log.warn(
          "server.no-control-socket directory={} cause={}",
          config.dataDirectory(),
          failed.getMessage());
    }
  }

  /** What an operator can ask of it. */
  Administration administration() {
    return administration;
  }

  /** Where it listens, with the ports that were taken. */
  Map<ListenerKind, InetSocketAddress> addresses() {
    return Map.copyOf(addresses);
  }

  /** {@code smtp 127.0.0.1:2525, imap 127.0.0.1:2143}. */
  String listening() {
    return addresses.entrySet().stream()
        .map(entry -> entry.getKey().key() + " " + show(entry.getValue()))
        .collect(Collectors.joining(", "));
  }

  private static String show(InetSocketAddress address) {
    String host = address.getAddress().getHostAddress();
    String shown = address.getAddress().isAnyLocalAddress() ? "*" : host;
    return (shown.contains(":") ? "[" + shown + "]" : shown) + ":" + address.getPort();
  }

  private Map<String, String> status() {
    Map<String, String> facts = new LinkedHashMap<>();
    facts.put("server", stopping ? "stopping" : "running");
    facts.put("version", Version.number());
    facts.put("hostname", config.hostname());
    facts.put("pid", Long.toString(ProcessHandle.current().pid()));
    facts.put("started", started.toString());
    facts.put("uptime", Duration.between(started, clock.instant()).toSeconds() + "s");
    facts.put("listening", listening());
    Listeners present = listeners;
    facts.put("sessions", Integer.toString(present == null ? 0 : present.connections()));
    facts.put("data", config.dataDirectory().toString());
    return facts;
  }

  private Health health() {
    Map<String, String> facts = new LinkedHashMap<>();
    facts.put("version", Version.number());
    facts.put("uptime", Duration.between(started, clock.instant()).toSeconds() + "s");
    try {
      facts.put("queue", Integer.toString(store.queue().size()));
      store.requireWritable();
    } catch (StoreException failed) {
      facts.put("store", failed.kind() + ": " + failed.getMessage());
      return new Health(false, facts);
    }
    facts.put("store", "writable");
    facts.put("listening", listening());
    return new Health(!stopping, facts);
  }

  /** Stops; returns when the store is closed. Later calls do nothing. */
  @Override
  public void close() {
    synchronized (stops) {
      stopping = true;
      while (!stops.isEmpty()) {
        Stop stop = stops.pop();
        try {
          stop.step().run();
        } catch (Exception failed) {
          log.error("server.stop-failed part={}", stop.what(), failed);
        }
      }
    }
  }

  /** What the operator is told instead of a stack trace. */
  private static RuntimeException explain(Exception failed) throws StoreException {
    for (Throwable at = failed; at != null; at = at.getCause()) {
      switch (at) {
        case Refusal refusal -> throw refusal;
        case StoreException store -> throw store;
        case TlsConfigException tls ->
            throw new Refusal(ExitCode.CONFIG, String.valueOf(tls.getMessage()));
        default -> {}
      }
    }
    if (failed instanceof CreationException || failed instanceof ProvisionException) {
      return (RuntimeException) failed;
    }
    return failed instanceof RuntimeException defect ? defect : new IllegalStateException(failed);
  }

  /** Says which listener cannot have its address, and what to do. */
  private static Refusal refuseAddress(
      ListenerKind kind, InetSocketAddress address, IOException failed) {
    String reason = Optional.ofNullable(failed.getMessage()).orElse("failed");
    String what =
        "%s cannot listen on %s: %s"
            .formatted(
                kind.key(), show(address), reason.substring(reason.lastIndexOf(": ") + 1).strip());
    return reason.contains("Permission denied")
        ? new Refusal(
            ExitCode.NO_PERMISSION,
            what,
            "choose a port above 1023 under [listen], or give Java the right CAP_NET_BIND_SERVICE")
        : new Refusal(
            ExitCode.UNAVAILABLE,
            what,
            "stop the program that listens there, or choose another port under [listen]");
  }
}
