package dev.postrider.testkit.house;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.googlejavaformat.java.Formatter;
import com.google.googlejavaformat.java.FormatterException;
import com.google.googlejavaformat.java.ImportOrderer;
import com.google.googlejavaformat.java.JavaFormatterOptions.Style;
import com.google.googlejavaformat.java.RemoveUnusedImports;
import com.google.googlejavaformat.java.StringWrapper;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;

/**
 * Every Java file is as google-java-format writes it. {@code mvn test -pl testkit
 * -Dformat.write=true} rewrites those that are not. Files that were found right are remembered by
 * their hash in target, so that only changed ones are formatted again.
 */
class FormatTest {

  private static final Path REMEMBERED = Path.of("target", "formatted.txt");

  private final Formatter formatter = new Formatter();

  @Test
  void everyFileIsFormatted() throws Exception {
    Set<String> known = remembered();
    Set<String> right = new TreeSet<>();
    Set<String> wrong = new TreeSet<>();
    for (SourceFile file : SourceTree.java().toList()) {
      String hash = hash(file);
      if (known.contains(hash) || formatted(file.text()).equals(file.text())) {
        right.add(hash);
      } else if (Boolean.getBoolean("format.write")) {
        Files.writeString(SourceTree.root().resolve(file.path()), formatted(file.text()));
      } else {
        wrong.add(file.path());
      }
    }
    Files.createDirectories(REMEMBERED.getParent());
    Files.write(REMEMBERED, right);
    assertThat(wrong).as("run: mvn test -pl testkit -Dformat.write=true").isEmpty();
  }

  @Test
  void seesIndentationImportsAndLongLines() throws Exception {
    assertThat(formatted("class X {\n    int a;\n}\n")).isEqualTo("class X {\n  int a;\n}\n");
    assertThat(formatted("import java.util.Set;\n\nclass X {}\n")).isEqualTo("class X {}\n");
    assertThat(
            formatted("class X {\n  String s =\n      \"" + "word ".repeat(40) + "\";\n}\n")
                .lines())
        .allMatch(line -> line.length() <= 100);
  }

  private String formatted(String text) throws FormatterException {
    String ordered = ImportOrderer.reorderImports(text, Style.GOOGLE);
    String used = RemoveUnusedImports.removeUnusedImports(ordered);
    return StringWrapper.wrap(formatter.formatSource(used), formatter);
  }

  private static Set<String> remembered() throws IOException {
    return Files.exists(REMEMBERED)
        ? new TreeSet<>(Files.readAllLines(REMEMBERED))
        : new TreeSet<>(List.of());
  }

  private static String hash(SourceFile file) throws NoSuchAlgorithmException {
    byte[] digest =
        MessageDigest.getInstance("SHA-256").digest(file.text().getBytes(StandardCharsets.UTF_8));
    return HexFormat.of().formatHex(digest);
  }
}
