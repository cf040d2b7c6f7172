package dev.postrider.server.observe;

import static org.assertj.core.api.Assertions.assertThat;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.LoggerContext;
import ch.qos.logback.classic.spi.LoggingEvent;
import java.io.IOException;
import java.time.Instant;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

final class LogLineTest {

  private final LoggerContext context = new LoggerContext();

  @Test
  void writesTheEventThenItsKeys() {
    assertThat(text("smtp.accepted session={} octets={}", "1a2b", 812))
        .isEqualTo("2026-11-23T10:00:00.123Z info smtp.accepted session=1a2b octets=812\n");
  }

  @Test
  void quotesWhatHasBlanksOnceEvenWhenTheTemplateDoes() {
    assertThat(text("relay.deferred reply=\"{}\" state=waiting", "450 4.2.0 try later"))
        .endsWith("info relay.deferred reply=\"450 4.2.0 try later\" state=waiting\n");
  }

  @Test
  void letsNoValueBeginALineOrLookLikeAField() {
    assertThat(text("smtp.rejected from={}", "<x@y>\r\n2026 info admin.login account=root"))
        .endsWith("smtp.rejected from=\"<x@y>\\r\\n2026 info admin.login account=root\"\n")
        .containsOnlyOnce("\n");
    assertThat(text("smtp.helo name={}", "a\u001b[31m\u2028b"))
        .endsWith("name=\"a\\u001b[31m\\u2028b\"\n");
    assertThat(text("smtp.helo name={}", "")).endsWith("name=\"\"\n");
  }

  @Test
  void keepsWhatLibrariesSayAsAMessage() {
    assertThat(text("Connection {} lost, retrying", 7))
        .endsWith("info log logger=some.Logger message=\"Connection 7 lost, retrying\"\n");
  }

  @Test
  void writesOneJsonObjectPerLine() {
    assertThat(line("smtp.accepted session={} from={}", "1a2b", "\"q\"@\n").asJson())
        .isEqualTo(
            "{\"time\":\"2026-11-23T10:00:00.123Z\",\"level\":\"info\",\"event\":\"smtp.accepted\","
                + "\"session\":\"1a2b\",\"from\":\"\\\"q\\\"@\\n\"}\n");
  }

  @Test
  void escapesHalfOfACharacterInJson() {
    assertThat(line("x.y z={}", "\ud800|😀").asJson()).contains("\"\\ud800|😀\"");
  }

  @Test
  void namesTheCausesOfAFailureOnTheSameLine() {
    Throwable failure = new IllegalStateException("outer", new IOException("disk\ngone"));

    String warning = event(Level.WARN, failure, "store.failed kind={}", "IO").asText();

    assertThat(warning)
        .endsWith(
            "warn store.failed kind=IO cause=\"IllegalStateException: outer: IOException:"
                + " disk\\ngone\"\n");
    assertThat(event(Level.ERROR, failure, "store.failed").asText())
        .contains(" stack=\"java.lang.IllegalStateException: outer\\n")
        .containsOnlyOnce("\n");
  }

  private String text(String template, Object... arguments) {
    return line(template, arguments).asText();
  }

  private LogLine line(String template, Object... arguments) {
    return event(Level.INFO, null, template, arguments);
  }

  private LogLine event(
      Level level, @Nullable Throwable failure, String template, Object... arguments) {
    LoggingEvent event =
        new LoggingEvent(
            "x", context.getLogger("some.Logger"), level, template, failure, arguments);
    event.setInstant(Instant.parse("2026-11-23T10:00:00.123456Z"));
    return LogLine.of(event);
  }
}
