package dev.postrider.protocol.sasl;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class SaslPrepTest {

  // RFC 4013 section 3
  @Test
  void preparesTheExamples() {
    assertThat(SaslPrep.prepare("I\u00ADX")).contains("IX");
    assertThat(SaslPrep.prepare("user")).contains("user");
    assertThat(SaslPrep.prepare("USER")).contains("USER");
    assertThat(SaslPrep.prepare("\u00AA")).contains("a");
    assertThat(SaslPrep.prepare("\u2168")).contains("IX");
    assertThat(SaslPrep.prepare("\u0007")).isEmpty();
    assertThat(SaslPrep.prepare("\u06271")).isEmpty();
  }

  @Test
  void mapsSpacesAndMarksThatNobodySees() {
    assertThat(SaslPrep.prepare("a\u00A0b\u3000c")).contains("a b c");
    assertThat(SaslPrep.prepare("a\u200Db\uFEFF\uFE0F")).contains("ab");
    assertThat(SaslPrep.prepare("u\u0308")).contains("\u00FC");
    assertThat(SaslPrep.prepare("")).contains("");
  }

  @Test
  void knowsWhatNoPasswordMayHave() {
    for (int c :
        new int[] {
          0, 0x7F, 0x85, 0x06DD, 0x2028, 0xE000, 0xFFFF, 0xFDD0, 0xFFFD, 0x2FF0, 0x200E, 0x202E,
          0xE0001, 0x10FFFE, 0x1D173
        }) {
      assertThat(SaslPrep.prepare("a" + Character.toString(c))).as("U+%x", c).isEmpty();
    }
    assertThat(SaslPrep.prepare("a\uD800")).isEmpty();
  }

  // RFC 3454 section 6
  @Test
  void writesRightToLeftAloneAndFromEndToEnd() {
    assertThat(SaslPrep.prepare("\u06271\u0628")).contains("\u06271\u0628");
    assertThat(SaslPrep.prepare("\u05D0a\u05D0")).isEmpty();
    assertThat(SaslPrep.prepare("\u05D0!")).isEmpty();
  }

  @Test
  void keysAreThoseOfThePreparedPassword() {
    byte[] salt = {1, 2, 3, 4};
    ScramKeys keys = ScramKeys.of(ScramHash.SHA_256, "\u2168", salt, 1);
    assertThat(ScramKeys.of(ScramHash.SHA_256, "IX", salt, 1)).isEqualTo(keys);
    assertThat(ScramKeys.of(ScramHash.SHA_256, "\u0007", salt, 1)).isNotEqualTo(keys);
    assertThat(keys.toString()).isEqualTo("ScramKeys[1]");
  }
}
