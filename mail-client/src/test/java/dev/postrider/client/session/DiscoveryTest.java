package dev.postrider.client.session;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import dev.postrider.client.accounts.Endpoint;
import dev.postrider.client.accounts.TlsMode;
import dev.postrider.client.accounts.Trust;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ProxySelector;
import java.nio.charset.StandardCharsets;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Looks for servers on a network that is one HTTP proxy, which knows a few pages. */
class DiscoveryTest {

  private static final String AUTOCONFIG = "http://autoconfig.x.test/mail/config-v1.1.xml";
  private static final String WELL_KNOWN =
      "http://x.test/.well-known/autoconfig/mail/config-v1.1.xml";

  private final Map<String, String> pages = new ConcurrentHashMap<>();
  private final List<String> asked = new CopyOnWriteArrayList<>();
  private Optional<Discovered> records = Optional.empty();
  private HttpServer proxy;

  @BeforeEach
  void start() throws IOException {
    proxy = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    proxy.createContext("/", this::answer);
    proxy.start();
  }

  @AfterEach
  void stop() {
    proxy.stop(0);
  }

  @Test
  void takesThePageOfTheDomain() throws Exception {
    pages.put(AUTOCONFIG, page("mx.x.test"));
    assertThat(find()).isEqualTo(found("mx.x.test", AUTOCONFIG));
  }

  @Test
  void takesThePageAtTheWellKnownPlace() throws Exception {
    pages.put(WELL_KNOWN, page("mx.x.test"));
    assertThat(find()).isEqualTo(found("mx.x.test", WELL_KNOWN));
  }

  @Test
  void prefersRecordsToAPageThatCameInTheOpen() throws Exception {
    pages.put(AUTOCONFIG, page("mx.x.test"));
    records = Optional.of(found("records.x.test", "srv"));
    assertThat(find()).isEqualTo(found("records.x.test", "srv"));
  }

  @Test
  void believesNothingThatMayBeForgedAndLeadsElsewhere() throws Exception {
    records = Optional.of(found("mx.evil.test", "srv"));
    pages.put(AUTOCONFIG, page("mx.evil.test"));
    pages.put(WELL_KNOWN, page("mx.x.test"));
    assertThat(find()).isEqualTo(found("mx.x.test", WELL_KNOWN));
  }

  @Test
  void passesOverAPageThatIsNone() throws Exception {
    pages.put(AUTOCONFIG, "<html>Welcome to our web site</html>");
    pages.put(WELL_KNOWN, page("mx.x.test"));
    assertThat(find()).isEqualTo(found("mx.x.test", WELL_KNOWN));
  }

  @Test
  void tellsTheAddressToNobodyInTheOpen() throws Exception {
    pages.put(WELL_KNOWN, page("mx.x.test"));
    find();
    assertThat(asked).isNotEmpty().noneMatch(url -> url.contains("joe"));
  }

  private Discovered find() throws Exception {
    Discovery discovery =
        new Discovery(
            new Trust.Platform(),
            Timeouts.USUAL,
            InstantSource.system(),
            new Discovery.Network(
                ProxySelector.of(proxy.getAddress()), (address, domain) -> records));
    return discovery.find("joe@x.test");
  }

  private static Discovered found(String host, String origin) {
    return new Discovered(
        new Endpoint(host, 993, TlsMode.TLS),
        new Endpoint(host, 465, TlsMode.TLS),
        "joe@x.test",
        origin);
  }

  private static String page(String host) {
    return """
    <clientConfig version="1.1"><emailProvider id="x.test">
      <incomingServer type="imap"><hostname>HOST</hostname><port>993</port>
        <socketType>SSL</socketType><username>%EMAILADDRESS%</username></incomingServer>
      <outgoingServer type="smtp"><hostname>HOST</hostname><port>465</port>
        <socketType>SSL</socketType><username>%EMAILADDRESS%</username></outgoingServer>
    </emailProvider></clientConfig>
    """
        .replace("HOST", host);
  }

  /** A tunnel, which https asks for, is refused. */
  private void answer(HttpExchange exchange) throws IOException {
    String url = exchange.getRequestURI().toString();
    asked.add(url);
    byte[] page = pages.getOrDefault(url, "").getBytes(StandardCharsets.UTF_8);
    exchange.sendResponseHeaders(page.length == 0 ? 404 : 200, page.length == 0 ? -1 : page.length);
    exchange.getResponseBody().write(page);
    exchange.close();
  }
}
