package dev.postrider.integration;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;

/** Says of one token that it is somebody's, and of all others that they are nobody's. */
final class Issuer implements AutoCloseable {

  private final HttpServer server;

  Issuer(String account, String token) throws IOException {
    server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    server.createContext(
        "/introspect",
        exchange -> {
          String question = new String(exchange.getRequestBody().readAllBytes(), UTF_8);
          boolean active = question.startsWith("token=" + token + "&");
          byte[] answer =
              (active ? "{\"active\":true,\"email\":\"" + account + "\"}" : "{\"active\":false}")
                  .getBytes(UTF_8);
          exchange.sendResponseHeaders(200, answer.length);
          exchange.getResponseBody().write(answer);
          exchange.close();
        });
    server.start();
  }

  /** For the server that is to ask it. */
  String configuration() {
    return """
    [auth.oauth]
    introspection_url = "http://127.0.0.1:%d/introspect"
    client_id = "postrider"
    client_secret = "secret"
    """
        .formatted(server.getAddress().getPort());
  }

  @Override
  public void close() {
    server.stop(0);
  }
}
