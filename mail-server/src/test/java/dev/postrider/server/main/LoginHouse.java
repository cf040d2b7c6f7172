package dev.postrider.server.main;

import dev.postrider.protocol.address.MailAddress;
import dev.postrider.protocol.sasl.ScramHash;
import dev.postrider.server.auth.Credential;
import dev.postrider.server.config.AuthConfig;
import dev.postrider.server.config.LimitsConfig;
import dev.postrider.server.config.ListenerKind;
import dev.postrider.server.config.RelayConfig;
import dev.postrider.server.config.ServerConfig;
import dev.postrider.server.config.TlsConfig;
import dev.postrider.storage.Store;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Clock;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import javax.net.ssl.KeyManager;

/** A server with the account alice, whose password is "demo", for IMAP and submission over TLS. */
final class LoginHouse implements AutoCloseable {

  static final MailAddress ALICE = new MailAddress("alice", "a.test");

  private final Server server;

  /** {@code keys}: of alice, when there is no such account yet. */
  LoginHouse(Path directory, AuthConfig auth, TlsConfig tls, Set<ScramHash> keys) throws Exception {
    Map<ListenerKind, InetSocketAddress> listen = new EnumMap<>(ListenerKind.class);
    for (ListenerKind kind :
        List.of(ListenerKind.IMAP, ListenerKind.IMAPS, ListenerKind.SUBMISSIONS)) {
      listen.put(kind, new InetSocketAddress(InetAddress.getLoopbackAddress(), 0));
    }
    ServerConfig config =
        new ServerConfig(
                "mx.a.test",
                List.of("a.test"),
                directory,
                listen,
                List.of(),
                tls,
                LimitsConfig.DEFAULTS,
                RelayConfig.DEFAULTS)
            .withAuth(auth);
    try (Store store = Stores.open(config, Clock.systemUTC(), failure -> {})) {
      if (store.accounts().find(ALICE).isEmpty()) {
        store
            .accounts()
            .create(ALICE, Credential.create("demo".getBytes(StandardCharsets.UTF_8), keys));
      }
    }
    server = Server.start(config, Clock.systemUTC(), failure -> {});
  }

  /** Without anything that is set. */
  LoginHouse(Path directory, Set<ScramHash> keys) throws Exception {
    this(directory, AuthConfig.DEFAULTS, selfSigned(), keys);
  }

  static TlsConfig selfSigned() {
    return new TlsConfig(Optional.empty(), Optional.empty());
  }

  LoginClient imap(String protocol, KeyManager... keys) throws Exception {
    return LoginClient.imap(port(ListenerKind.IMAPS), protocol, keys);
  }

  LoginClient submission(String protocol, KeyManager... keys) throws Exception {
    return LoginClient.submission(port(ListenerKind.SUBMISSIONS), protocol, keys);
  }

  int port(ListenerKind kind) {
    return Optional.ofNullable(server.addresses().get(kind)).orElseThrow().getPort();
  }

  @Override
  public void close() {
    server.close();
  }
}
