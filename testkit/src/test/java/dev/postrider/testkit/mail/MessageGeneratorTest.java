package dev.postrider.testkit.mail;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class MessageGeneratorTest {

  private final MessageGenerator generator = new MessageGenerator(7);

  @Test
  void makesTheSameMessageForTheSameSeed() {
    for (int i = 0; i < 40; i++) {
      assertThat(generator.message(i)).isEqualTo(new MessageGenerator(7).message(i));
    }
    assertThat(generator.message(0)).isNotEqualTo(new MessageGenerator(8).message(0));
  }

  @Test
  void holdsOnlyWholeLinesAndNoNul() {
    for (int i = 0; i < 400; i++) {
      String text = new String(generator.message(i), ISO_8859_1);
      assertThat(text).endsWith("\r\n");
      assertThat(text.replace("\r\n", "")).doesNotContain("\r", "\n", "\0");
    }
  }

  @Test
  void makesEveryShape() {
    Set<MessageGenerator.Shape> shapes = new HashSet<>();
    for (int i = 0; i < MessageGenerator.Shape.values().length; i++) {
      shapes.add(generator.shape(i));
    }
    assertThat(shapes).containsExactlyInAnyOrder(MessageGenerator.Shape.values());
  }

  @Test
  void makesLargeOnes() {
    assertThat(generator.withAttachments(0, 3, 3_000_000)).hasSizeBetween(4_000_000, 4_300_000);
  }

  @Test
  void writesAMaildir(@TempDir Path directory) throws Exception {
    generator.maildir(directory, 60);
    try (Stream<Path> cur = Files.list(directory.resolve("cur"));
        Stream<Path> fresh = Files.list(directory.resolve("new"))) {
      assertThat(cur.count()).isEqualTo(54);
      assertThat(fresh.count()).isEqualTo(6);
    }
  }
}
