package dev.postrider.server.main;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.postrider.protocol.address.MailAddress;
import dev.postrider.server.admin.AdminRequest;
import dev.postrider.server.admin.AdminRequest.Password;
import dev.postrider.server.config.LimitsConfig;
import dev.postrider.server.config.ListenerKind;
import dev.postrider.server.config.RelayConfig;
import dev.postrider.server.config.ServerConfig;
import dev.postrider.server.config.TlsConfig;
import dev.postrider.storage.StoreException;
import java.io.BufferedReader;
import java.io.InputStreamReader;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.security.cert.X509Certificate;
import java.time.Clock;
import java.util.Base64;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import javax.net.ssl.SSLContext;
import javax.net.ssl.TrustManager;
import javax.net.ssl.X509TrustManager;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class ServerTest {

  private static final MailAddress ALICE = new MailAddress("alice", "a.test");

  @TempDir private Path directory;

  @Test
  void servesAnAccountThatWasMadeWhileItRuns() throws Exception {
    ServerConfig config = config(0);
    try (Server server = start(config)) {
      new AdminAccess(config, OfflineStore::with)
          .run(new AdminRequest.AddAccount(ALICE, new Password("geheim")));

      assertThat(login(server, "geheim")).startsWith("a OK");
      assertThat(login(server, "falsch")).startsWith("a NO");
      assertThat(server.addresses()).containsOnlyKeys(ListenerKind.values());
    }
  }

  @Test
  void saysGoodbyeToSessionsAndStartsAgainOnTheSameData() throws Exception {
    Server server = start(config(0));
    try (Socket session =
        new Socket(InetAddress.getLoopbackAddress(), port(server, ListenerKind.SMTP))) {
      BufferedReader in = reader(session);
      assertThat(in.readLine()).startsWith("220 ");

      server.close();

      assertThat(in.readLine()).startsWith("421 ");
      assertThat(in.readLine()).isNull();
    }
    start(config(0)).close();
  }

  @Test
  void refusesADataDirectoryThatIsInUse() throws Exception {
    try (Server server = start(config(0))) {
      assertThat(server.listening()).contains("smtp 127.0.0.1:");

      StoreException refused = catchThrowableOfType(StoreException.class, () -> start(config(0)));

      assertThat(refused.kind()).isEqualTo(StoreException.Kind.UNUSABLE);
    }
  }

  @Test
  void namesThePortThatIsTakenAndLetsGoOfTheData() throws Exception {
    try (ServerSocket taken = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      Refusal refused =
          catchThrowableOfType(Refusal.class, () -> start(config(taken.getLocalPort())));

      assertThat(refused.exitCode()).isEqualTo(69);
      assertThat(refused)
          .hasMessage(
              "smtp cannot listen on 127.0.0.1:%d: Address already in use; stop the program that"
                      .formatted(taken.getLocalPort())
                  + " listens there, or choose another port under [listen]");
    }
    start(config(0)).close();
  }

  private Server start(ServerConfig config) throws StoreException {
    return Server.start(config, Clock.systemUTC(), failure -> {});
  }

  private ServerConfig config(int smtpPort) {
    Map<ListenerKind, InetSocketAddress> listen = new EnumMap<>(ListenerKind.class);
    for (ListenerKind kind : ListenerKind.values()) {
      int port = kind == ListenerKind.SMTP ? smtpPort : 0;
      listen.put(kind, new InetSocketAddress(InetAddress.getLoopbackAddress(), port));
    }
    return new ServerConfig(
        "mx.a.test",
        List.of("a.test"),
        directory,
        listen,
        List.of(),
        new TlsConfig(Optional.empty(), Optional.empty()),
        LimitsConfig.DEFAULTS,
        RelayConfig.DEFAULTS);
  }

  /** The reply to AUTHENTICATE over TLS. */
  private static String login(Server server, String password) throws Exception {
    SSLContext trusting = SSLContext.getInstance("TLS");
    trusting.init(null, new TrustManager[] {new TrustingAll()}, null);
    try (Socket socket =
        trusting
            .getSocketFactory()
            .createSocket(InetAddress.getLoopbackAddress(), port(server, ListenerKind.IMAPS))) {
      BufferedReader in = reader(socket);
      assertThat(in.readLine()).startsWith("* OK");
      String plain = "\0" + ALICE + "\0" + password;
      OutputStream out = socket.getOutputStream();
      out.write(
          ("a AUTHENTICATE PLAIN "
                  + Base64.getEncoder().encodeToString(plain.getBytes(StandardCharsets.UTF_8))
                  + "\r\n")
              .getBytes(StandardCharsets.US_ASCII));
      return in.readLine();
    }
  }

  private static BufferedReader reader(Socket socket) throws Exception {
    socket.setSoTimeout(30_000);
    return new BufferedReader(
        new InputStreamReader(socket.getInputStream(), StandardCharsets.US_ASCII));
  }

  private static int port(Server server, ListenerKind kind) {
    return Optional.ofNullable(server.addresses().get(kind)).orElseThrow().getPort();
  }

  private static final class TrustingAll implements X509TrustManager {
    @Override
    public void checkClientTrusted(X509Certificate[] chain, String type) {}

    @Override
    public void checkServerTrusted(X509Certificate[] chain, String type) {}

    @Override
    public X509Certificate[] getAcceptedIssuers() {
      return new X509Certificate[0];
    }
  }
}
