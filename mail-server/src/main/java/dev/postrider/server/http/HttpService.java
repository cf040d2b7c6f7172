package dev.postrider.server.http;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import dev.postrider.server.observe.JsonText;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Answers {@code GET /health}: 200 when the server is well, 503 when it is not, with the same facts
 * as JSON. No request has a body that is read, and the JDK's server cuts off who is too slow or too
 * many (RFC 9110 section 15).
 */
public final class HttpService implements AutoCloseable {

  private static final Logger log = LoggerFactory.getLogger(HttpService.class);

  private static final String PATH = "/health";

  /** Seconds of a request and of a reply, and connections at one time: read once by the JDK. */
  private static final Map<String, String> BOUNDS =
      Map.of(
          "sun.net.httpserver.maxReqTime", "10",
          "sun.net.httpserver.maxRspTime", "10",
          "jdk.httpserver.maxConnections", "100",
          "sun.net.httpserver.maxReqHeaders", "50",
          "sun.net.httpserver.maxReqHeaderSize", "16384");

  /** Connections that wait to be accepted. */
  private static final int BACKLOG = 32;

  private final HttpServer server;
  private final ExecutorService threads;
  private final Supplier<Health> health;

  private HttpService(HttpServer server, ExecutorService threads, Supplier<Health> health) {
    this.server = server;
    this.threads = threads;
    this.health = health;
  }

  /** Throws {@link java.net.BindException} when the port is taken or not allowed. */
  public static HttpService start(InetSocketAddress address, Supplier<Health> health)
      throws IOException {
    BOUNDS.forEach((name, value) -> System.setProperty(name, System.getProperty(name, value)));
    HttpServer server = HttpServer.create(address, BACKLOG);
    ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();
    HttpService service = new HttpService(server, threads, health);
    server.createContext("/", service::answer);
    server.setExecutor(threads);
    server.start();
    return service;
  }

  /** Where it listens. */
  public InetSocketAddress address() {
    return server.getAddress();
  }

  private void answer(HttpExchange exchange) throws IOException {
    try (exchange) {
      String method = exchange.getRequestMethod();
      boolean get = method.equals("GET");
      if (!exchange.getRequestURI().getPath().equals(PATH)) {
        reply(exchange, 404, get, Map.of("error", "there is nothing here but " + PATH));
      } else if (!get && !method.equals("HEAD")) {
        exchange.getResponseHeaders().set("Allow", "GET, HEAD");
        reply(exchange, 405, true, Map.of("error", "only GET and HEAD are answered"));
      } else {
        Health now = health.get();
        Map<String, String> facts = new LinkedHashMap<>();
        facts.put("status", now.healthy() ? "ok" : "failing");
        facts.putAll(now.facts());
        reply(exchange, now.healthy() ? 200 : 503, get, facts);
      }
    } catch (RuntimeException defect) {
      log.error("http.defect", defect);
    }
  }

  private static void reply(
      HttpExchange exchange, int status, boolean withBody, Map<String, String> facts)
      throws IOException {
    byte[] body = (JsonText.object(facts) + "\n").getBytes(StandardCharsets.UTF_8);
    exchange.getResponseHeaders().set("Content-Type", "application/json");
    exchange.getResponseHeaders().set("Cache-Control", "no-store");
    exchange.sendResponseHeaders(status, withBody ? body.length : -1);
    if (withBody) {
      exchange.getResponseBody().write(body);
    }
  }

  @Override
  public void close() {
    server.stop(0);
    threads.shutdown();
  }
}
