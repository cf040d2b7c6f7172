package dev.postrider.testkit.house;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** Types are named for what they are; packages say what they are for. */
class NamesTest {

  private static final Pattern EMPTY_NAME =
      Pattern.compile(".*(Manager|Helper|Utils?|Impl)|(Abstract|Default)[A-Z].*");

  private static final List<String> SAID_BY_A_PACKAGE =
      List.of("In:", "Out:", "Callers:", "@NullMarked");

  @Test
  void typesAreNamedForWhatTheyAre() {
    assertThat(emptyNames(SourceTree.java())).isEmpty();
  }

  @Test
  void everyPackageSaysWhatItIsFor() {
    assertThat(silentPackages(SourceTree.mainJava())).isEmpty();
  }

  @Test
  void findsNamesThatSayNothing() {
    SourceFile bad =
        new SourceFile(
            "p/src/main/java/x/A.java",
            "package x; class QueueManager { class ByteUtil {} interface AbstractThing {} }"
                + " class Implementation {}");
    assertThat(emptyNames(Stream.of(bad)))
        .satisfiesExactly(
            a -> assertThat(a).contains("QueueManager"),
            b -> assertThat(b).contains("ByteUtil"),
            c -> assertThat(c).contains("AbstractThing"));
  }

  @Test
  void findsPackagesThatSayNothing() {
    SourceFile alone = new SourceFile("p/src/main/java/x/A.java", "package x; class A {}");
    assertThat(silentPackages(Stream.of(alone))).containsExactly("x: no package-info.java");
    SourceFile brief =
        new SourceFile(
            "p/src/main/java/x/package-info.java",
            "/** In: a. Out: b. */ @NullMarked package x;\npackage x;");
    assertThat(silentPackages(Stream.of(alone, brief)))
        .containsExactly("x: its package-info.java does not say Callers:");
  }

  private static List<String> emptyNames(Stream<SourceFile> files) {
    return JavaShapes.of(files).types().stream()
        .filter(type -> EMPTY_NAME.matcher(type.name()).matches())
        .map(type -> type.path() + ":" + type.line() + ": " + type.name())
        .toList();
  }

  private static List<String> silentPackages(Stream<SourceFile> files) {
    Map<String, String> infos = new TreeMap<>();
    files.forEach(
        file -> {
          String name = file.packageName();
          infos.merge(name, file.isPackageInfo() ? file.text() : "", String::concat);
        });
    List<String> silent = new ArrayList<>();
    infos.forEach(
        (name, info) -> {
          if (info.isEmpty()) {
            silent.add(name + ": no package-info.java");
            return;
          }
          SAID_BY_A_PACKAGE.stream()
              .filter(said -> !info.contains(said))
              .forEach(said -> silent.add(name + ": its package-info.java does not say " + said));
        });
    return silent;
  }
}
