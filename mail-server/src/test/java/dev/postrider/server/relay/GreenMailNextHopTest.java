package dev.postrider.server.relay;

import static org.assertj.core.api.Assertions.assertThat;

import com.icegreen.greenmail.util.GreenMail;
import com.icegreen.greenmail.util.ServerSetup;
import dev.postrider.server.config.RouteConfig.TlsLevel;
import jakarta.mail.internet.MimeMessage;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** A server that others wrote takes what we relay. */
@Timeout(60)
class GreenMailNextHopTest {

  @TempDir private Path directory;

  @Test
  void takesAMessage() throws Exception {
    GreenMail greenMail = new GreenMail(new ServerSetup(0, "127.0.0.1", "smtp"));
    greenMail.start();
    try (RelayBench bench = new RelayBench(directory)) {
      bench.route("b.test", greenMail.getSmtp().getPort(), TlsLevel.OPPORTUNISTIC).start();
      String body = "line\r\n.dot\r\n".repeat(20_000);
      bench.queue("From: alice@a.test\r\nSubject: hello\r\n\r\n" + body, "bob@b.test");
      bench.awaitEmptyQueue();
      assertThat(greenMail.waitForIncomingEmail(10_000, 1)).isTrue();
      MimeMessage received = greenMail.getReceivedMessages()[0];
      assertThat(received.getSubject()).isEqualTo("hello");
      assertThat(received.getContent().toString().strip()).isEqualTo(body.strip());
    } finally {
      greenMail.stop();
    }
  }
}
