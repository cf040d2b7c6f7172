package dev.postrider.protocol.imap;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ListPatternTest {

  @ParameterizedTest
  @CsvSource({
    "*, a/b/c, true",
    "%, a, true",
    "%, a/b, false",
    "a/%, a/b, true",
    "a/%, a/b/c, false",
    "a/%/c, a/b/c, true",
    "a*c, a/b/c, true",
    "%/%, a/b, true",
    "a%b*, axxb/c, true",
    "inbox, INBOX, true",
    "inBOX/x, INBOX/x, true",
    "INBOX/X, INBOX/x, false",
    "sent, Sent, false",
    "i*, INBOX, true",
    "a, ab, false",
    "ab, a, false",
    "'', '', true",
    "*, '', true",
  })
  void matches(String pattern, String name, boolean expected) {
    assertThat(new ListPattern(pattern).matches(name)).isEqualTo(expected);
  }

  @Test
  void staysFastWithManyWildcards() {
    assertThat(new ListPattern("*a".repeat(500) + "b").matches("a".repeat(1000))).isFalse();
  }
}
