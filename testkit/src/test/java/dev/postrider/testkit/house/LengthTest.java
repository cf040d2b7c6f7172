package dev.postrider.testkit.house;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/**
 * How long files and methods are, and how deep. What is longer stands in {@link #RATCHET} with its
 * measure and the reason; the measure may fall, never rise.
 */
class LengthTest {

  private static final int FILE_LINES_MAX = 500;
  private static final int METHOD_LINES_MAX = 70;
  private static final int NESTING_MAX = 3;

  /** A test reads as a story, and a table of cases may be long. */
  private static final int TEST_FILE_LINES_MAX = 800;

  /**
   * @param what "lines" of a file, or the name of a method
   */
  private record Longer(String path, String what, int measure, String reason) {}

  private static final List<Longer> RATCHET = List.of();

  @Test
  void nothingIsTooLong() {
    assertThat(violations(SourceTree.java().toList(), RATCHET)).isEmpty();
  }

  @Test
  void everyExceptionIsStillNeeded() {
    List<SourceFile> files = SourceTree.java().toList();
    assertThat(RATCHET)
        .allSatisfy(
            longer -> {
              List<Longer> others = RATCHET.stream().filter(o -> !o.equals(longer)).toList();
              assertThat(violations(files, others)).as(longer.toString()).isNotEmpty();
            });
  }

  @Test
  void findsALongFileALongMethodAndADeepOne() {
    String deep = "if (a) { for (;;) { while (b) { switch (c) { default: } } } }";
    String text =
        "class X {\n void deep() { %s }\n void longOne() {\n%s}\n%s}\n"
            .replaceFirst("%s", deep)
            .replaceFirst("%s", ";\n".repeat(100))
            .replaceFirst("%s", "\n".repeat(500));
    assertThat(violations(List.of(new SourceFile("p/src/main/java/X.java", text)), List.of()))
        .satisfiesExactlyInAnyOrder(
            file -> assertThat(file).contains("605 lines"),
            method -> assertThat(method).contains("longOne").contains("102 lines"),
            nesting -> assertThat(nesting).contains("deep").contains("nested 4 deep"));
  }

  @Test
  void countsElseIfAsOneLevel() {
    String chain =
        "class X { void x() { if (a) {} else if (b) {} else if (c) {} else if (d) {} } }";
    assertThat(violations(List.of(new SourceFile("p/src/main/java/X.java", chain)), List.of()))
        .isEmpty();
  }

  private static List<String> violations(List<SourceFile> files, List<Longer> ratchet) {
    Map<String, Integer> allowed =
        ratchet.stream().collect(Collectors.toMap(l -> l.path() + " " + l.what(), Longer::measure));
    List<String> violations = new ArrayList<>();
    for (SourceFile file : files) {
      int lines = (int) file.text().lines().count();
      int most = file.isMainJava() ? FILE_LINES_MAX : TEST_FILE_LINES_MAX;
      if (lines > allowed.getOrDefault(file.path() + " lines", most)) {
        violations.add(file.path() + ": " + lines + " lines, at most " + most);
      }
    }
    Stream<SourceFile> main = files.stream().filter(SourceFile::isMainJava);
    for (JavaShapes.Method method : JavaShapes.of(main).methods()) {
      String where = method.path() + ":" + method.line() + ": " + method.name();
      int most = allowed.getOrDefault(method.path() + " " + method.name(), METHOD_LINES_MAX);
      if (method.lines() > most) {
        violations.add(where + " has " + method.lines() + " lines, at most " + most);
      }
      if (method.nesting() > NESTING_MAX) {
        violations.add(where + " is nested " + method.nesting() + " deep, at most " + NESTING_MAX);
      }
    }
    return violations;
  }
}
