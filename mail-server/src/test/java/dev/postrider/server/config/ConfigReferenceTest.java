package dev.postrider.server.config;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;

/** With {@code -Dpostrider.write.docs=true} it writes the reference instead of comparing it. */
final class ConfigReferenceTest {

  private static final String BEGIN = "<!-- begin: every key, made from the table of keys -->\n";
  private static final String END = "<!-- end -->\n";

  @Test
  void theReferenceInTheDocsIsThatOfTheTable() throws Exception {
    Path doc = Path.of(System.getProperty("postrider.root", ".."), "docs", "configuration.md");
    String text = Files.readString(doc);
    int begin = text.indexOf(BEGIN) + BEGIN.length();
    int end = text.indexOf(END);

    if (Boolean.getBoolean("postrider.write.docs")) {
      Files.writeString(
          doc,
          text.substring(0, begin)
              + "\n"
              + ConfigReference.markdown()
              + "\n"
              + text.substring(end));
    } else {
      assertThat(text.substring(begin, end).strip()).isEqualTo(ConfigReference.markdown().strip());
    }
  }
}
