package dev.postrider.server.imap;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;

class NumberedTextsTest {

  @Test
  void numbersWhatIsNewFromZero() {
    NumberedTexts texts = new NumberedTexts();
    Map<String, Integer> model = new HashMap<>();
    Random random = new Random(7);
    for (int i = 0; i < 20_000; i++) {
      String text = String.valueOf(random.nextInt(10_000));
      int expected = model.computeIfAbsent(text, absent -> model.size());
      assertThat(texts.number(text.getBytes(StandardCharsets.UTF_8))).isEqualTo(expected);
    }
    assertThat(texts.count()).isEqualTo(model.size());
    assertThat(texts.number(new byte[0])).isEqualTo(model.size());
  }
}
