package dev.postrider.protocol.imap;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.stream.IntStream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class PartialRangeTest {

  @ParameterizedTest
  @CsvSource({
    "1, 3, false, 0 1 2",
    "3, 1, false, 0 1 2",
    "4, 9, false, 3 4",
    "6, 9, false, ''",
    "5, 4294967295, false, 4",
    "1, 2, true, 3 4",
    "2, 1, true, 3 4",
    "4, 9, true, 0 1",
    "6, 9, true, ''",
    "4294967294, 4294967295, true, ''",
    "1, 4294967295, true, 0 1 2 3 4",
  })
  void isOfFive(long first, long last, boolean fromEnd, String expected) {
    PartialRange range = new PartialRange(first, last, fromEnd);
    StringBuilder places = new StringBuilder();
    IntStream.range(range.from(5), range.to(5))
        .forEach(at -> places.append(places.isEmpty() ? "" : " ").append(at));
    assertThat(places).hasToString(expected);
    assertThat(range.from(0)).isZero();
    assertThat(range.to(0)).isZero();
  }
}
