package dev.postrider.protocol.message;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

class HeaderTextTest {

  private static final String ALPHABET = "=?utf-8QB*0'%; \"\\(a\u00e4\ud800";

  // RFC 2047 section 8
  @Test
  void decodesTheExamplesOfTheStandard() {
    assertThat(HeaderText.decode("=?ISO-8859-1?Q?Keld_J=F8rn_Simonsen?= <keld@dkuug.dk>"))
        .isEqualTo("Keld Jørn Simonsen <keld@dkuug.dk>");
    assertThat(HeaderText.decode("(=?ISO-8859-1?Q?a?= =?ISO-8859-1?Q?b?=)")).isEqualTo("(ab)");
    assertThat(HeaderText.decode("(=?ISO-8859-1?Q?a?= b)")).isEqualTo("(a b)");
    assertThat(HeaderText.decode("=?ISO-8859-1?Q?a_b?=")).isEqualTo("a b");
  }

  @Test
  void joinsACharacterTornApartBetweenTwoWords() {
    assertThat(HeaderText.decode("=?utf-8?Q?=C3?= =?utf-8?Q?=A4?=")).isEqualTo("ä");
  }

  @Test
  void readsOctetsThatNobodyEncoded() {
    assertThat(HeaderText.decode("\u00c3\u00a4")).isEqualTo("ä");
    assertThat(HeaderText.decode("\u00e4")).isEqualTo("ä");
  }

  @Test
  void leavesWhatItDoesNotUnderstand() {
    for (String text : List.of("=?x-none?Q?a?=", "=?utf-8?X?a?=", "=?utf-8?Q?a", "=?", "a =? b")) {
      assertThat(HeaderText.decode(text)).isEqualTo(text);
    }
  }

  @Test
  void toleratesBase64ThatIsCutOff() {
    assertThat(HeaderText.decode("=?utf-8?B?YWJj?=")).isEqualTo("abc");
    assertThat(HeaderText.decode("=?utf-8?B?YWJjZ?=")).isEqualTo("abc");
    assertThat(HeaderText.decode("=?utf-8?B?YWI?=")).isEqualTo("ab");
  }

  @Test
  void encodesOnlyWhatNeedsIt() {
    assertThat(HeaderText.encode("plain, text")).isEqualTo("plain, text");
    assertThat(HeaderText.encodePhrase("Joe Q Public")).isEqualTo("Joe Q Public");
    assertThat(HeaderText.encodePhrase("Public, \"Joe\"")).isEqualTo("\"Public, \\\"Joe\\\"\"");
    assertThat(HeaderText.encodePhrase("Jürgen")).isEqualTo("=?UTF-8?B?SsO8cmdlbg==?=");
  }

  @Test
  void encodedTextCannotAddAField() {
    assertThat(HeaderText.encode("a\r\nBcc: x@y")).doesNotContain("\r").doesNotContain("\n");
    assertThat(HeaderText.encodePhrase("ä\r\nBcc: x@y")).doesNotContain("\r");
  }

  @Test
  void readsBackWhatItWrites() {
    long seed = new Random().nextLong();
    Random random = new Random(seed);
    for (int i = 0; i < 3000; i++) {
      StringBuilder text = new StringBuilder("ä");
      int length = random.nextInt(80);
      for (int j = 0; j < length; j++) {
        text.append(
            random.nextBoolean() ? "x =?" : Character.toString(0x1f600 + random.nextInt(40)));
      }
      String encoded = HeaderText.encode(text.toString());
      assertThat(HeaderText.decode(encoded)).as("seed %s", seed).isEqualTo(text.toString());
      for (String word : encoded.split(" ", -1)) {
        assertThat(word.length()).as("RFC 2047 section 2, seed %s", seed).isLessThanOrEqualTo(75);
      }
    }
  }

  // RFC 2231 section 3 and 4
  @Test
  void joinsPiecesOfParameters() {
    StructuredField field =
        StructuredField.parse(
            "message/external-body; URL*0=\"ftp://\"; URL*1=\"cs.utk.edu/\";"
                + " title*0*=us-ascii'en'This%20is%20; title*1*=%2A%2A%2Afun%2A%2A%2A%20;"
                + " title*2=\"isn't it!\"");
    assertThat(HeaderText.parameter(field.parameters(), "url")).contains("ftp://cs.utk.edu/");
    assertThat(HeaderText.parameter(field.parameters(), "title"))
        .contains("This is ***fun*** isn't it!");
  }

  @Test
  void survivesRandomText() {
    long seed = new Random().nextLong();
    Random random = new Random(seed);
    for (int i = 0; i < 5000; i++) {
      StringBuilder text = new StringBuilder();
      for (int j = 0; j < 30; j++) {
        text.append(ALPHABET.charAt(random.nextInt(ALPHABET.length())));
      }
      assertThat(HeaderText.decode(text.toString())).as("seed %s", seed).isNotNull();
      StructuredField field = StructuredField.parse("x;" + text);
      assertThat(HeaderText.parameter(field.parameters(), "a")).as("seed %s", seed).isNotNull();
    }
  }
}
