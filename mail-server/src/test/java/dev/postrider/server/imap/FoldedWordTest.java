package dev.postrider.server.imap;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.StringReader;
import java.util.Locale;
import java.util.Random;
import org.junit.jupiter.api.Test;

class FoldedWordTest {

  @Test
  void findsWhateverTheCase() {
    assertThat(new FoldedWord("GRÜSSE").isIn("viele grüsse")).isTrue();
    assertThat(new FoldedWord("привет").isIn("ПРИВЕТ!")).isTrue();
    assertThat(new FoldedWord("").isIn("")).isTrue();
    assertThat(new FoldedWord("aab").isIn("aaab")).isTrue();
    assertThat(new FoldedWord("abc").isIn("ababd")).isFalse();
  }

  /** RFC 5051 section 2. */
  @Test
  void findsHoweverALetterIsWritten() {
    assertThat(new FoldedWord("ÉTÉ").isIn("un e\u0301te\u0301.")).isTrue();
    assertThat(new FoldedWord("e\u0301te").isIn("L'Été")).isTrue();
    assertThat(new FoldedWord("ete").isIn("été")).isFalse();
    assertThat(new FoldedWord("5 m2").isIn("5\u00a0M²")).isTrue();
    assertThat(new FoldedWord("σοφός").isIn("ΣΟΦΌΣ")).isTrue();
    assertThat(new FoldedWord("\ud801\udc28").isIn("x\ud801\udc00")).isTrue();
    assertThat(new FoldedWord("\ud801\udc29").isIn("\ud801\udc00\udc01")).isFalse();
  }

  @Test
  void findsAcrossBlocks() throws Exception {
    String text = "x".repeat(4094) + "needle" + "x".repeat(10);
    assertThat(new FoldedWord("NEEDLE").isIn(new StringReader(text))).isTrue();
    String split = "x".repeat(4095) + "\ud801\udc00\u0301y";
    assertThat(new FoldedWord("\ud801\udc28\u0301Y").isIn(new StringReader(split))).isTrue();
  }

  @Test
  void agreesWithTheObviousWay() {
    Random random = new Random(3);
    for (int round = 0; round < 5000; round++) {
      String text = letters(random, 30);
      String word = letters(random, 5);
      assertThat(new FoldedWord(word).isIn(text))
          .as("%s in %s", word, text)
          .isEqualTo(text.toLowerCase(Locale.ROOT).contains(word.toLowerCase(Locale.ROOT)));
    }
  }

  private static String letters(Random random, int max) {
    StringBuilder text = new StringBuilder();
    for (int i = random.nextInt(max); i >= 0; i--) {
      text.append("aAbB".charAt(random.nextInt(4)));
    }
    return text.toString();
  }
}
