package dev.postrider.testkit.house;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/**
 * What is logged is an event with fields: {@code "smtp.accepted session={} from={}"}. Anything else
 * would reach the operator as a text that cannot be searched by field.
 */
class LogEventsTest {

  private static final Pattern CALL =
      Pattern.compile(
          "\\blog\\s*(?:\\.at\\w+\\([^;]*?\\)\\s*)?\\.(?:debug|info|warn|error|log)\\(\\s*"
              + "((?:\"(?:[^\"\\\\]|\\\\.)*\"\\s*\\+?\\s*)+)");

  private static final Pattern TEXT = Pattern.compile("\"((?:[^\"\\\\]|\\\\.)*)\"");

  private static final Pattern EVENT =
      Pattern.compile(
          "[a-z0-9-]+(\\.[a-z0-9-]+)+( [a-zA-Z0-9_.-]+=(\\{\\}|\"\\{\\}\"|[^ {}\"]+))*");

  @Test
  void everyLineIsAnEventWithFields() {
    assertThat(notEvents(SourceTree.mainJava())).isEmpty();
  }

  @Test
  void findsLinesThatAreNot() {
    SourceFile bad =
        new SourceFile(
            "p/src/main/java/x/A.java",
            """
            package x;
            class A {
              void f() {
                log.info("x.good key={} why=\\"{}\\"", 1, 2);
                log.warn("x.good"
                    + " more={}", 1);
                log.atLevel(level()).log("x.bad {}", 1);
                log.info("Something happened");
                log.error("x." + what(), 1);
              }
            }
            """);
    assertThat(notEvents(Stream.of(bad)))
        .containsExactly(
            "p/src/main/java/x/A.java:7: x.bad {}",
            "p/src/main/java/x/A.java:8: Something happened",
            "p/src/main/java/x/A.java:9: x.");
  }

  private static List<String> notEvents(Stream<SourceFile> files) {
    return files.flatMap(LogEventsTest::notEvents).toList();
  }

  private static Stream<String> notEvents(SourceFile file) {
    return CALL.matcher(file.text())
        .results()
        .filter(call -> !EVENT.matcher(template(call.group(1))).matches())
        .map(
            call ->
                file.path()
                    + ":"
                    + SourceFile.lineOf(file.text(), call.start())
                    + ": "
                    + template(call.group(1)));
  }

  /** The literals joined, as the logger gets them. */
  private static String template(String literals) {
    Matcher texts = TEXT.matcher(literals);
    return texts
        .results()
        .map(text -> text.group(1).replace("\\\"", "\""))
        .collect(Collectors.joining());
  }
}
