package dev.postrider.testkit.house;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Predicate;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** What is written about the code holds: links lead somewhere, dependencies are explained. */
class DocsTest {

  private static final Pattern LINK = Pattern.compile("\\]\\(([^)#\\s]+)(?:#[^)]*)?\\)");
  private static final Pattern FENCED = Pattern.compile("(?s)```.*?```");

  /** A dependency or plugin, but not our own modules. */
  private static final Pattern ARTIFACT =
      Pattern.compile(
          "<groupId>(?!dev\\.postrider)([^<]+)</groupId>\\s*<artifactId>([^<]+)</artifactId>");

  private static final Pattern EXCLUSION = Pattern.compile("(?s)<exclusion>.*?</exclusion>");

  /** Paths and hosts of one machine. Written in pieces, so that this file does not hold them. */
  private static final Pattern OF_ONE_MACHINE =
      Pattern.compile(
          "(?<![\\w.])/(?:wo"
              + "rk|tm"
              + "p/pr)/|<(?:repo"
              + "sitor|plugin"
              + "Repositor)y>"
              + "|-Dmaven\\.repo\\.remote|https?://[^/\\s]*(?:nexus|artifactory|registry-mirror)");

  @Test
  void everyLinkLeadsSomewhere() {
    List<String> broken = new ArrayList<>();
    SourceTree.files().stream()
        .filter(file -> file.path().endsWith(".md"))
        .forEach(file -> broken.addAll(brokenLinks(file, DocsTest::exists)));
    assertThat(broken).isEmpty();
  }

  @Test
  void findsABrokenLink() {
    SourceFile page =
        new SourceFile(
            "docs/a.md",
            "[a](b.md#x) [c](../README.md) [d](https://a.test/x) [e](#here) ```\n[f](g)\n```");
    assertThat(brokenLinks(page, path -> path.equals(Path.of("README.md"))))
        .containsExactly("docs/a.md: b.md");
  }

  @Test
  void theChangelogHasRoomForTheNextRelease() {
    assertThat(text("CHANGELOG.md")).contains("## Unreleased");
  }

  @Test
  void everyDependencyIsExplained() {
    List<String> poms =
        SourceTree.files().stream()
            .filter(file -> file.path().endsWith("pom.xml"))
            .map(SourceFile::text)
            .toList();
    assertThat(poms).hasSizeGreaterThan(6);
    assertThat(unexplained(poms, text("docs/dependencies.md")))
        .as("say in docs/dependencies.md what it is for and under which licence")
        .isEmpty();
  }

  @Test
  void findsAnUnexplainedDependency() {
    String pom =
        "<groupId>a</groupId> <artifactId>known</artifactId><groupId>b</groupId>\n"
            + "<artifactId>unknown</artifactId>";
    assertThat(unexplained(List.of(pom), "| `known` | licence | reason |"))
        .containsExactly("unknown");
  }

  @Test
  void nothingIsOfOneMachine() {
    assertThat(SourceTree.files().stream().flatMap(DocsTest::ofOneMachine)).isEmpty();
  }

  @Test
  void findsAPathOfOneMachine() {
    String path = "/wo" + "rk/x";
    assertThat(ofOneMachine(new SourceFile("a", "cd " + path))).hasSize(1);
    assertThat(ofOneMachine(new SourceFile("a", "cd ./wo" + "rk/x https://a.test/wo" + "rk/")))
        .isEmpty();
  }

  private static Stream<String> ofOneMachine(SourceFile file) {
    return OF_ONE_MACHINE
        .matcher(file.text())
        .results()
        .map(
            found ->
                file.path()
                    + ":"
                    + SourceFile.lineOf(file.text(), found.start())
                    + ": "
                    + found.group());
  }

  private static List<String> brokenLinks(SourceFile page, Predicate<Path> exists) {
    Path parent = Path.of("/").resolve(page.path()).getParent();
    List<String> broken = new ArrayList<>();
    Matcher link = LINK.matcher(FENCED.matcher(page.text()).replaceAll(""));
    while (link.find()) {
      String target = link.group(1);
      if (!target.matches("(?i)[a-z]+:.*") && parent != null) {
        Path path = Path.of("/").relativize(parent.resolve(target).normalize());
        if (!exists.test(path)) {
          broken.add(page.path() + ": " + target);
        }
      }
    }
    return broken;
  }

  private static boolean exists(Path path) {
    return Files.exists(SourceTree.root().resolve(path));
  }

  private static Set<String> unexplained(List<String> poms, String page) {
    Set<String> unexplained = new TreeSet<>();
    for (String pom : poms) {
      Matcher artifact = ARTIFACT.matcher(EXCLUSION.matcher(pom).replaceAll(""));
      while (artifact.find()) {
        if (!page.contains("`" + artifact.group(2) + "`")) {
          unexplained.add(artifact.group(2));
        }
      }
    }
    return unexplained;
  }

  private static String text(String path) {
    return SourceTree.files().stream()
        .filter(file -> file.path().equals(path))
        .map(SourceFile::text)
        .findFirst()
        .orElseThrow(() -> new AssertionError("no " + path));
  }
}
