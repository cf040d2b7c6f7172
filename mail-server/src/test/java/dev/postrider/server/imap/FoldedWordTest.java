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

  @Test
  void findsAcrossBlocks() throws Exception {
    String text = "x".repeat(4094) + "needle" + "x".repeat(10);
    assertThat(new FoldedWord("NEEDLE").isIn(new StringReader(text))).isTrue();
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
