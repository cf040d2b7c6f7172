package dev.postrider.storage.changes;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

class RememberedTest {

  private final Remembered<String, Integer> remembered = new Remembered<>(1000);
  private final AtomicInteger asked = new AtomicInteger();

  private Optional<Integer> ask() {
    return Optional.of(asked.incrementAndGet());
  }

  @Test
  void asksOnceUntilItForgets() throws Exception {
    assertThat(remembered.get("a", this::ask)).contains(1);
    assertThat(remembered.get("a", this::ask)).contains(1);
    remembered.forget();
    assertThat(remembered.get("a", this::ask)).contains(2);
  }

  @Test
  void asksAgainForWhatIsNotThere() throws Exception {
    assertThat(remembered.get("a", Optional::empty)).isEmpty();
    assertThat(remembered.get("a", this::ask)).contains(1);
  }

  @Test
  void keepsNoAnswerThatWasOvertakenByAChange() throws Exception {
    Optional<Integer> late =
        remembered.get(
            "a",
            () -> {
              remembered.forget();
              return Optional.of(99);
            });
    assertThat(late).contains(99);
    assertThat(remembered.get("a", this::ask)).contains(1);
  }

  @Test
  void staysBounded() throws Exception {
    for (int i = 0; i < 5_000; i++) {
      remembered.get("name" + i, this::ask);
    }
    int before = asked.get();
    assertThat(remembered.get("name0", this::ask)).contains(before + 1);
  }

  @Test
  void asksForMoreOnlyWhereItHasNotEnough() throws Exception {
    assertThat(remembered.getEnough("a", 0, known -> known >= 3, known -> known + 3)).isEqualTo(3);
    assertThat(remembered.getEnough("a", 0, known -> known >= 2, known -> 99)).isEqualTo(3);
    assertThat(remembered.getEnough("a", 0, known -> known >= 5, known -> known + 2)).isEqualTo(5);
  }

  @Test
  void keepsNoMoreThatWasOvertakenByAChange() throws Exception {
    assertThat(remembered.getEnough("a", 0, known -> known >= 3, known -> 3)).isEqualTo(3);
    int late =
        remembered.getEnough(
            "a",
            0,
            known -> known >= 5,
            known -> {
              remembered.forget();
              return known + 2;
            });
    assertThat(late).isEqualTo(5);
    assertThat(remembered.getEnough("a", 0, known -> known >= 1, known -> known + 1)).isEqualTo(1);
  }
}
