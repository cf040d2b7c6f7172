package dev.postrider.integration;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import com.icegreen.greenmail.util.GreenMail;
import com.icegreen.greenmail.util.ServerSetup;
import dev.postrider.integration.server.RunningServer;
import jakarta.mail.internet.MimeMessage;
import java.io.ByteArrayOutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Somebody else's server as the next hop. */
class NextHopIT {

  @TempDir Path directory;

  @Test
  void relaysToGreenMail() throws Exception {
    GreenMail greenMail = new GreenMail(new ServerSetup(0, "127.0.0.1", ServerSetup.PROTOCOL_SMTP));
    greenMail.start();
    String route =
        String.join(
            "\n",
            "[[route]]",
            "domain = \"*\"",
            "host = \"127.0.0.1\"",
            "port = " + greenMail.getSmtp().getPort());
    try (RunningServer server = Servers.start(directory.resolve("a"), "a.test", route)) {
      Path file = directory.resolve("m");
      // GreenMail does not offer 8BITMIME, so the message is ASCII.
      String text = "From: alice@a.test\r\nSubject: onward\r\n\r\nhello\r\n.\r\n..\r\nend\r\n";
      Files.writeString(file, text);
      Program.of("curl", "-sS", "--ssl-reqd", "--cacert", server.certificate().toString())
          .args("-u", "alice@a.test:" + Servers.PASSWORD, "--mail-from", "alice@a.test")
          .args("--mail-rcpt", "one@elsewhere.test", "--mail-rcpt", "two@third.test")
          .args("-T", file.toString(), "smtp://localhost:" + server.port("submission"))
          .run()
          .ok();
      // Both recipients have the same next hop: one transaction, which GreenMail counts as one.
      assertThat(greenMail.waitForIncomingEmail(30_000, 1))
          .as(() -> String.join("\n", server.output()))
          .isTrue();
      MimeMessage[] received = greenMail.getReceivedMessages();
      assertThat(received).as("one for each recipient").hasSize(2);
      for (MimeMessage message : received) {
        ByteArrayOutputStream octets = new ByteArrayOutputStream();
        message.writeTo(octets);
        assertThat(octets.toString(UTF_8))
            .contains("by mx.a.test")
            .contains("Subject: onward")
            .contains("\r\n\r\nhello\r\n.\r\n..\r\nend");
      }
    } finally {
      greenMail.stop();
    }
  }
}
