package dev.postrider.server.http;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.HttpURLConnection;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

final class HttpServiceTest {

  private volatile boolean healthy = true;
  private HttpService service;

  @BeforeEach
  void start() throws Exception {
    service =
        HttpService.start(
            new InetSocketAddress(InetAddress.getLoopbackAddress(), 0),
            () -> new Health(healthy, Map.of("queue", "3")));
  }

  @AfterEach
  void stop() {
    service.close();
  }

  @Test
  void tellsThatTheServerIsWell() throws Exception {
    HttpURLConnection answer = ask("GET", "/health");

    assertThat(answer.getResponseCode()).isEqualTo(200);
    assertThat(answer.getContentType()).isEqualTo("application/json");
    assertThat(body(answer)).isEqualTo("{\"status\":\"ok\",\"queue\":\"3\"}\n");
  }

  @Test
  void tellsThatItIsNot() throws Exception {
    healthy = false;
    HttpURLConnection answer = ask("GET", "/health");

    assertThat(answer.getResponseCode()).isEqualTo(503);
    assertThat(body(answer)).isEqualTo("{\"status\":\"failing\",\"queue\":\"3\"}\n");
  }

  @Test
  void answersHeadWithoutABody() throws Exception {
    HttpURLConnection answer = ask("HEAD", "/health");

    assertThat(answer.getResponseCode()).isEqualTo(200);
    assertThat(body(answer)).isEmpty();
  }

  @Test
  void knowsNoOtherPathAndNoOtherMethod() throws Exception {
    assertThat(ask("GET", "/").getResponseCode()).isEqualTo(404);
    assertThat(ask("GET", "/healthy").getResponseCode()).isEqualTo(404);
    HttpURLConnection post = ask("POST", "/health");
    assertThat(post.getResponseCode()).isEqualTo(405);
    assertThat(post.getHeaderField("Allow")).isEqualTo("GET, HEAD");
  }

  private HttpURLConnection ask(String method, String path) throws Exception {
    InetSocketAddress at = service.address();
    URI uri = new URI("http", null, "127.0.0.1", at.getPort(), path, null, null);
    HttpURLConnection connection = (HttpURLConnection) uri.toURL().openConnection();
    connection.setRequestMethod(method);
    connection.setReadTimeout(10_000);
    return connection;
  }

  private static String body(HttpURLConnection answer) throws Exception {
    try (var in =
        answer.getResponseCode() < 400 ? answer.getInputStream() : answer.getErrorStream()) {
      return in == null ? "" : new String(in.readAllBytes(), StandardCharsets.UTF_8);
    }
  }
}
