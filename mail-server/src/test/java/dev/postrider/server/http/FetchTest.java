package dev.postrider.server.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class FetchTest {

  private static final Duration SHORT = Duration.ofMillis(300);

  private TestIssuer issuer;

  @BeforeEach
  void start() throws IOException {
    issuer = new TestIssuer();
  }

  @AfterEach
  void stop() {
    issuer.close();
  }

  @Test
  void getsAndPosts() throws Exception {
    Fetch fetch = new Fetch(Duration.ofSeconds(20));
    issuer.introspection = question -> "heard " + question;
    assertThat(fetch.get(issuer.address("/keys"))).isEqualTo("{\"keys\":[]}");
    assertThat(fetch.post(issuer.address("/introspect"), "token=ü", "Basic x"))
        .isEqualTo("heard token=ü");
    assertThat(issuer.authorization).isEqualTo("Basic x");
  }

  @Test
  void takesNoOtherStatusAndGoesNowhereElse() {
    Fetch fetch = new Fetch(Duration.ofSeconds(20));
    for (int status : new int[] {201, 302, 401, 500}) {
      issuer.status = status;
      assertThatThrownBy(() -> fetch.get(issuer.address("/keys")))
          .isInstanceOf(IOException.class)
          .hasMessageEndingWith("answered with status " + status);
    }
  }

  @Test
  void takesNothingThatIsTooLarge() throws Exception {
    Fetch fetch = new Fetch(Duration.ofSeconds(20));
    issuer.keysPage = question -> "x".repeat(Fetch.ANSWER_OCTETS_MAX);
    assertThat(fetch.get(issuer.address("/keys"))).hasSize(Fetch.ANSWER_OCTETS_MAX);
    issuer.keysPage = question -> "x".repeat(Fetch.ANSWER_OCTETS_MAX + 1);
    assertThatThrownBy(() -> fetch.get(issuer.address("/keys"))).isInstanceOf(IOException.class);
  }

  @Test
  void waitsNoLongerThanItMay() {
    CountDownLatch never = new CountDownLatch(1);
    issuer.keysPage =
        question -> {
          never.await();
          return "";
        };
    assertThatThrownBy(() -> new Fetch(SHORT).get(issuer.address("/keys")))
        .isInstanceOf(IOException.class)
        .hasMessageContaining("did not answer within");
    never.countDown();
  }

  @Test
  void waitsNoLongerForABodyThatNeverEnds() throws Exception {
    try (ServerSocket slow = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      CompletableFuture<Void> served =
          CompletableFuture.runAsync(
              () -> {
                try (Socket peer = slow.accept()) {
                  peer.getOutputStream()
                      .write(
                          "HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\nx"
                              .getBytes(StandardCharsets.US_ASCII));
                  peer.getOutputStream().flush();
                  while (peer.getInputStream().read() >= 0) {
                    // Until the other side has enough.
                  }
                } catch (IOException e) {
                  return;
                }
              });
      URI address = URI.create("http://127.0.0.1:" + slow.getLocalPort() + "/");
      assertThatThrownBy(() -> new Fetch(SHORT).get(address))
          .isInstanceOf(IOException.class)
          .hasMessageContaining("did not answer within");
      served.join();
    }
  }

  @Test
  void saysWhoIsNotThere() throws Exception {
    URI address = issuer.address("/keys");
    issuer.close();
    assertThatThrownBy(() -> new Fetch(Duration.ofSeconds(20)).get(address))
        .isInstanceOf(IOException.class)
        .hasMessageStartingWith(address + ": java.net.ConnectException");
  }
}
