package dev.postrider.testkit.house;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/**
 * RFCs are cited as {@code RFC 5321 section 4.5.3.1.8}, and every cited one stands in {@code
 * docs/rfc/index.tsv} with what we do about it. From that index {@code docs/rfc/SUPPORT.md} is
 * written: {@code mvn test -pl testkit -Drfc.write=true}.
 */
class RfcReferencesTest {

  private static final Path INDEX = Path.of("docs", "rfc", "index.tsv");
  private static final Path TABLE = Path.of("docs", "rfc", "SUPPORT.md");

  /** {@code RFC822} and its like are data items of IMAP, not citations. */
  private static final Pattern CITATION = Pattern.compile("\\bRFC[ \\n*#/]+(\\d{3,5})\\b");

  private static final Pattern WRONG_FORM =
      Pattern.compile(
          "\\bRFC-?(?!822)\\d{3,5}\\b|\\b(?:rfc|Rfc) ?(?!822)\\d{3,5}\\b|\\bRFC[ \\n"
              + "*#/]+\\d+,?[ \\n"
              + "*#/]+(?:§|[Ss]ec\\.|Section|sections|chapter)[^\\n"
              + "]{0,12}");

  /**
   * @param status yes, partial, planned, or reference for one that only explains
   */
  private record Rfc(int number, String title, String status, String note) {
    private static final List<String> STATUSES = List.of("yes", "partial", "planned", "reference");
  }

  @Test
  void everyCitedRfcIsInTheIndex() throws IOException {
    assertThat(unknown(cited(), index().keySet()))
        .as("add them to docs/rfc/index.tsv, then run: mvn test -pl testkit -Drfc.write=true")
        .isEmpty();
  }

  @Test
  void everyCitationHasTheSameForm() {
    assertThat(wrongForms(cited())).as("write: RFC 5321 section 4.5.3.1.8").isEmpty();
  }

  @Test
  void theTableIsWrittenFromTheIndex() throws IOException {
    Path file = SourceTree.root().resolve(TABLE);
    String table = table(index());
    if (Boolean.getBoolean("rfc.write")) {
      Files.writeString(file, table);
    }
    assertThat(file).as("run: mvn test -pl testkit -Drfc.write=true").hasContent(table);
  }

  @Test
  void whatIsSaidToBeSupportedIsCitedWhereItIs() throws IOException {
    String code = SourceTree.mainJava().map(SourceFile::text).reduce("", (a, b) -> a + "\n" + b);
    List<Integer> cited =
        CITATION.matcher(code).results().map(r -> Integer.valueOf(r.group(1))).toList();
    assertThat(index().values().stream().filter(RfcReferencesTest::isOurs).map(Rfc::number))
        .as("supported according to docs/rfc/index.tsv, but no code cites them")
        .allMatch(cited::contains);
  }

  @Test
  void findsAnUnknownOne() {
    assertThat(unknown(sample("// RFC 5321 section 2.3, RFC\n// 4242 section 1"), List.of(5321)))
        .singleElement()
        .asString()
        .contains("X.java:1: RFC 4242");
  }

  @Test
  void findsOtherForms() {
    for (String bad :
        List.of("RFC5321", "RFC-5321", "rfc 5321", "RFC 5321 Section 4", "RFC 5321, §4")) {
      assertThat(wrongForms(sample("// " + bad))).as(bad).hasSize(1);
    }
    assertThat(wrongForms(sample("// RFC 5321 section 4 and RFC822.SIZE"))).isEmpty();
    assertThat(wrongForms(sample("// RFC 3461, 3464"))).isEmpty();
  }

  private static Stream<SourceFile> sample(String comment) {
    return Stream.of(new SourceFile("p/src/main/java/x/X.java", comment + "\nclass X {}"));
  }

  private static boolean isOurs(Rfc rfc) {
    boolean byTheJdk = rfc.note().contains("by the JDK") || rfc.note().contains("library");
    return !byTheJdk && (rfc.status().equals("yes") || rfc.status().equals("partial"));
  }

  /** Code with its comments, and dialogs; this test's own samples are in quotes. */
  private static Stream<SourceFile> cited() {
    return SourceTree.files().stream()
        .filter(file -> file.isJava() || file.path().endsWith(".dialog"))
        .map(file -> file.isJava() ? new SourceFile(file.path(), file.codeAndComments()) : file);
  }

  private static List<String> unknown(
      Stream<SourceFile> files, java.util.Collection<Integer> known) {
    List<String> unknown = new ArrayList<>();
    files.forEach(
        file -> {
          Matcher found = CITATION.matcher(file.text());
          while (found.find()) {
            if (!known.contains(Integer.valueOf(found.group(1)))) {
              int line = SourceFile.lineOf(file.text(), found.start());
              unknown.add(file.path() + ":" + line + ": RFC " + found.group(1));
            }
          }
        });
    return unknown;
  }

  private static List<String> wrongForms(Stream<SourceFile> files) {
    List<String> wrong = new ArrayList<>();
    files.forEach(
        file -> {
          Matcher found = WRONG_FORM.matcher(file.text());
          while (found.find()) {
            int line = SourceFile.lineOf(file.text(), found.start());
            wrong.add(file.path() + ":" + line + ": " + found.group());
          }
        });
    return wrong;
  }

  private static Map<Integer, Rfc> index() throws IOException {
    Map<Integer, Rfc> index = new TreeMap<>();
    List<String> lines = Files.readAllLines(SourceTree.root().resolve(INDEX));
    for (String line : lines.subList(1, lines.size())) {
      String[] cells = line.split("\t", -1);
      assertThat(cells).as("number, title, status, note, by tabs: " + line).hasSize(4);
      Rfc rfc = new Rfc(Integer.parseInt(cells[0]), cells[1], cells[2], cells[3]);
      assertThat(Rfc.STATUSES).as(line).contains(rfc.status());
      assertThat(index.put(rfc.number(), rfc)).as("twice: " + line).isNull();
    }
    return index;
  }

  private static String table(Map<Integer, Rfc> index) {
    StringBuilder table = new StringBuilder();
    table.append("# RFC support\n\n");
    table.append("Written from [index.tsv](index.tsv); a test compares the two and checks that\n");
    table.append("every RFC that the code cites is in it. \"Planned\" is not there today.\n\n");
    table.append("| RFC | title | support | note |\n|---|---|---|---|\n");
    for (Rfc rfc : index.values()) {
      if (!rfc.status().equals("reference")) {
        table
            .append("| [")
            .append(rfc.number())
            .append("](https://www.rfc-editor.org/rfc/rfc")
            .append(rfc.number())
            .append(") | ")
            .append(rfc.title())
            .append(" | ")
            .append(rfc.status())
            .append(" | ")
            .append(rfc.note())
            .append(" |\n");
      }
    }
    table.append("\nCited for the reason behind something, not implemented: ");
    table.append(
        String.join(
            ", ",
            index.values().stream()
                .filter(rfc -> rfc.status().equals("reference"))
                .map(rfc -> "RFC " + rfc.number())
                .toList()));
    return table.append(".\n").toString();
  }
}
