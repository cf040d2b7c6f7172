package dev.postrider.integration;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.lang.reflect.Method;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.extension.AfterTestExecutionCallback;
import org.junit.jupiter.api.extension.ExtensionContext;

/**
 * Holds {@code docs/interoperability.md} to what is seen: a test of a client that passes has its
 * row there, one that fails has none. With {@code -Dinteroperability.write=true} the rows are
 * written.
 */
final class Interoperability implements AfterTestExecutionCallback {

  static final Path FILE =
      Path.of(System.getProperty("postrider.root")).resolve("docs/interoperability.md");

  private static final String REMEDY = "run: mvn verify -Dinteroperability.write=true -Dit.test=";
  private static final String HEAD = "| Client | Debian's version | What it did | Shown by |";

  /**
   * A row of the table.
   *
   * @param test class and method
   */
  record Row(String client, String version, String doing, String test) {

    String markdown() {
      return "| " + client + " | " + version + " | " + doing + " | `" + test + "` |";
    }

    static Row of(String markdown) {
      String[] cells = markdown.split(" *\\| *", -1);
      return new Row(cells[1], cells[2], cells[3], cells[4].replace("`", ""));
    }
  }

  @Override
  public void afterTestExecution(ExtensionContext context) throws Exception {
    Method method = context.getRequiredTestMethod();
    Seen seen = method.getAnnotation(Seen.class);
    String test = context.getRequiredTestClass().getSimpleName() + "." + method.getName();
    boolean passed = context.getExecutionException().isEmpty();
    if (Boolean.getBoolean("interoperability.write")) {
      write(test, seen, passed);
    } else if (passed && !isTold(test, seen)) {
      throw new AssertionError(
          FILE + " does not say so; " + REMEDY + context.getRequiredTestClass().getSimpleName());
    }
  }

  private static boolean isTold(String test, Seen seen) throws IOException {
    return rows().stream()
        .anyMatch(
            row ->
                row.test().equals(test)
                    && row.client().equals(seen.client())
                    && row.doing().equals(seen.doing()));
  }

  /** Those of the file. */
  static List<Row> rows() throws IOException {
    return Files.readAllLines(FILE).stream()
        .dropWhile(line -> !line.equals(HEAD))
        .skip(2)
        .takeWhile(line -> line.startsWith("|"))
        .map(Row::of)
        .toList();
  }

  private static void write(String test, Seen seen, boolean passed) throws Exception {
    Map<String, Row> byName = new TreeMap<>(String.CASE_INSENSITIVE_ORDER);
    for (Row row : rows()) {
      byName.put(row.client() + " " + row.test(), row);
    }
    byName.values().removeIf(row -> row.test().equals(test));
    if (passed) {
      byName.put(
          seen.client() + " " + test,
          new Row(seen.client(), version(seen.debianPackage()), seen.doing(), test));
    }
    List<String> lines = Files.readAllLines(FILE);
    int head = lines.indexOf(HEAD);
    StringBuilder text = new StringBuilder();
    lines.subList(0, head + 2).forEach(line -> text.append(line).append('\n'));
    byName.values().forEach(row -> text.append(row.markdown()).append('\n'));
    lines.stream()
        .skip(head + 2L)
        .dropWhile(line -> line.startsWith("|"))
        .forEach(line -> text.append(line).append('\n'));
    Files.writeString(FILE, text, UTF_8);
  }

  private static String version(String debianPackage) throws Exception {
    return Program.of("dpkg-query", "-W", "-f", "${Version}", debianPackage).run().ok().text();
  }
}
