package dev.postrider.protocol.imap;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class MailboxNameTest {

  @Test
  void knowsWhatIsComposed() {
    assertThat(MailboxName.isNormalized("Entw\u00fcrfe")).isTrue();
    assertThat(MailboxName.isNormalized("Entwu\u0308rfe")).isFalse();
  }

  @ParameterizedTest
  @CsvSource({
    "INBOX, INBOX",
    "Entwürfe, Entw&APw-rfe",
    "R&D, R&-D",
    "~peter/mail/台北/日本語, '~peter/mail/&U,BTFw-/&ZeVnLIqe-'",
    "😀, &2D3eAA-",
    "é-è, &AOk--&AOg-",
    "&é, &-&AOk-",
  })
  void translatesBothWays(String name, String wire) {
    assertThat(MailboxName.encode(name)).isEqualTo(wire);
    assertThat(MailboxName.decode(wire)).contains(name);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "R&D", // no end
        "&", // no end
        "&AGE-", // "a" must stand for itself
        "&AOk-&AOg-", // two runs in a row
        "&AOl-", // padding bits that are not zero
        "&AOk=-", // padding
        "&AO/k-", // "/" of plain base64
        "&2D0-", // half a surrogate pair
        "&A-", // no octet
        "&AOkA-", // half a unit
        "caf\u00e9", // eight bits
      })
  void refusesEveryOtherForm(String wire) {
    assertThat(MailboxName.decode(wire)).isEmpty();
  }

  @Test
  void givesEveryNameOneForm() {
    Random random = new Random(5);
    for (int round = 0; round < 5000; round++) {
      StringBuilder name = new StringBuilder();
      for (int i = random.nextInt(8); i >= 0; i--) {
        int codePoint =
            random.nextBoolean() ? 0x20 + random.nextInt(0x60) : random.nextInt(0x1F000);
        if (codePoint < 0xD800 || codePoint > 0xDFFF) {
          name.appendCodePoint(codePoint);
        }
      }
      assertThat(MailboxName.decode(MailboxName.encode(name.toString()))).contains(name.toString());
    }
  }

  @Test
  void refusesNamesThatCannotBeMade() {
    assertThat(MailboxName.isCreatable("a/b")).isTrue();
    assertThat(MailboxName.isCreatable("a//b")).isFalse();
    assertThat(MailboxName.isCreatable("/a")).isFalse();
    assertThat(MailboxName.isCreatable("a\nb")).isFalse();
    assertThat(MailboxName.isCreatable("")).isFalse();
  }
}
