package dev.postrider.client.render;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.InputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import org.junit.jupiter.api.Test;

class ProgressBarTest {

  private final ByteArrayOutputStream terminal = new ByteArrayOutputStream();
  private Instant now = Instant.parse("2026-11-23T10:00:00Z");

  private ProgressBar bar(boolean enabled, long total) {
    return new ProgressBar(
        new PrintStream(terminal, true, StandardCharsets.UTF_8), enabled, "Work", total, () -> now);
  }

  private String shown() {
    return terminal.toString(StandardCharsets.UTF_8);
  }

  @Test
  void saysNothingForASecond() {
    try (ProgressBar bar = bar(true, 100)) {
      now = now.plus(Duration.ofSeconds(1));
      bar.advance(50);
    }
    assertThat(shown()).isEmpty();
  }

  @Test
  void showsShareAndRateAndIsGoneInTheEnd() {
    try (ProgressBar bar = bar(true, 4_000_000)) {
      now = now.plus(Duration.ofSeconds(2));
      bar.advance(1_000_000);
      assertThat(shown()).startsWith("\rWork ██████░").contains("25%").endsWith("/s\u001B[K");
      now = now.plus(Duration.ofMillis(50));
      bar.advance(1_000_000);
      assertThat(shown()).doesNotContain("50%");
    }
    assertThat(shown()).endsWith("\r\u001B[K");
  }

  @Test
  void isSilentWhereNobodyLooks() {
    try (ProgressBar bar = bar(false, 100)) {
      now = now.plus(Duration.ofSeconds(5));
      bar.advance(50);
    }
    assertThat(shown()).isEmpty();
  }

  @Test
  void countsWhatIsRead() throws Exception {
    try (ProgressBar bar = bar(true, -1);
        InputStream in = bar.counting(new ByteArrayInputStream(new byte[2048]))) {
      now = now.plus(Duration.ofSeconds(2));
      assertThat(in.read()).isZero();
      now = now.plus(Duration.ofSeconds(1));
      assertThat(in.readAllBytes()).hasSize(2047);
      assertThat(in.read()).isEqualTo(-1);
    }
    assertThat(shown()).contains("Work 2.0K");
  }
}
