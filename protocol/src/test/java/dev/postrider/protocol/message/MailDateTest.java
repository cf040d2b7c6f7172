package dev.postrider.protocol.message;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.OffsetDateTime;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class MailDateTest {

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "Fri, 21 Nov 1997 09:55:06 -0600|1997-11-21T09:55:06-06:00",
        "21 Nov 97 09:55:06 GMT|1997-11-21T09:55:06Z",
        "Thu,\t13\tFeb\t1969\t23:32:54\t-0330 (Newfoundland Time)|1969-02-13T23:32:54-03:30",
        "Fri, 21 Nov 1997 09(comment):   55  :  06 -0600|1997-11-21T09:55:06-06:00",
        "1 Jan 03 00:00 EST|2003-01-01T00:00-05:00",
        "Sun Nov 23 01:02:03 2025|2025-11-23T01:02:03Z",
        "Sun, 23-Nov-2025 01:02:03 +0100|2025-11-23T01:02:03+01:00",
        "Sunday, 23 November 2025 01:02:03|2025-11-23T01:02:03Z",
        "31 Dec 2016 23:59:60 +0000|2016-12-31T23:59:59Z",
        "1 Jan 102 00:00:00 XYZ|2002-01-01T00:00Z"
      })
  void readsNewAndObsoleteForms(String text, String expected) {
    assertThat(MailDate.parse(text)).contains(OffsetDateTime.parse(expected));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "yesterday",
        "32 Jan 2020 00:00:00 +0000",
        "1 Foo 2020 00:00:00 +0000",
        "1 Jan 2020 25:00:00 +0000",
        "1 Jan 2020",
        "(((((",
        "30 Feb 2020 00:00:00 +0000"
      })
  void saysWhenNobodyCanTell(String text) {
    assertThat(MailDate.parse(text)).isEmpty();
  }

  @Test
  void readsWhatItWrites() {
    OffsetDateTime when = OffsetDateTime.parse("2026-11-03T01:02:03-03:30");
    assertThat(MailDate.format(when)).isEqualTo("Tue, 3 Nov 2026 01:02:03 -0330");
    assertThat(MailDate.parse(MailDate.format(when))).contains(when);
  }

  @Test
  void survivesRandomText() {
    long seed = new Random().nextLong();
    Random random = new Random(seed);
    String alphabet = "0123459 :+-,()\\Jan";
    for (int i = 0; i < 20_000; i++) {
      StringBuilder text = new StringBuilder("1 Jan 2020 00:00:00 +0000");
      for (int j = 0; j < 3; j++) {
        text.setCharAt(
            random.nextInt(text.length()), alphabet.charAt(random.nextInt(alphabet.length())));
      }
      assertThat(MailDate.parse(text.toString())).as("seed %s: %s", seed, text).isNotNull();
    }
  }
}
