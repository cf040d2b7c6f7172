package dev.postrider.server.main;

import static org.assertj.core.api.Assertions.assertThat;

import dev.postrider.testkit.time.FakeClock;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import org.junit.jupiter.api.Test;

final class RateLineTest {

  private final ByteArrayOutputStream shown = new ByteArrayOutputStream();
  private final FakeClock clock = new FakeClock();

  private RateLine line(boolean terminal) {
    return new RateLine(new PrintStream(shown, true, StandardCharsets.UTF_8), terminal, clock);
  }

  /** What is on the line now. */
  private String text() {
    String all = shown.toString(StandardCharsets.UTF_8);
    return all.substring(all.lastIndexOf("\u001b[K") + 3);
  }

  @Test
  void tellsRateAndTimeLeftOfEachStep() {
    RateLine line = line(true);
    line.at("messages", 0, 3000);
    assertThat(text()).isEqualTo("messages …");
    clock.advance(Duration.ofSeconds(10));
    line.at("messages", 1000, 3000);
    assertThat(text()).isEqualTo("messages: 1,000 of 3,000, 100/s, 20 s left");
    clock.advance(Duration.ofSeconds(1));
    line.at("bodies", 0, 0);
    clock.advance(Duration.ofSeconds(2));
    line.at("bodies", 50, 0);
    assertThat(text()).isEqualTo("bodies: 50, 25/s");
    line.close();
    assertThat(text()).isEmpty();
  }

  @Test
  void isQuietBetweenTwoLooksAndWithoutATerminal() {
    RateLine line = line(true);
    line.at("messages", 0, 3000);
    clock.advance(Duration.ofMillis(50));
    line.at("messages", 10, 3000);
    assertThat(text()).isEqualTo("messages …");
    shown.reset();
    line(false).at("messages", 10, 3000);
    assertThat(shown.size()).isZero();
  }
}
