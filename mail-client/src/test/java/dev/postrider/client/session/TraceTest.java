package dev.postrider.client.session;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import org.junit.jupiter.api.Test;

class TraceTest {
  @Test
  void masksThePasswordInEveryFormEvenInTwoWrites() {
    ByteArrayOutputStream file = new ByteArrayOutputStream();
    Trace trace = Trace.to(file);
    trace.hide("alice", "hush hush");
    String plain =
        Base64.getEncoder().encodeToString("\0alice\0hush hush".getBytes(StandardCharsets.UTF_8));
    trace.stream().print("A1 LOGIN alice \"hush ");
    trace.stream().print("hush\"\r\nAUTH PLAIN " + plain + "\r\n250 ok\r\n");
    assertThat(file.toString(StandardCharsets.UTF_8))
        .isEqualTo("A1 LOGIN alice \"*****\"\r\nAUTH PLAIN *****\r\n250 ok\r\n");
  }
}
