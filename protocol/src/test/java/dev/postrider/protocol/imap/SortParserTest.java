package dev.postrider.protocol.imap;

import static dev.postrider.protocol.imap.Commands.parse;
import static dev.postrider.protocol.imap.Commands.refusal;
import static org.assertj.core.api.Assertions.assertThat;

import dev.postrider.protocol.imap.ImapCommand.SearchReturn;
import dev.postrider.protocol.imap.ImapCommand.SortCriterion;
import dev.postrider.protocol.imap.ImapCommand.SortKey;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** RFC 5256 section 5, RFC 5267 section 5, RFC 5957 section 5. */
class SortParserTest {

  private static ImapCommand.Sort sort(String line) {
    return (ImapCommand.Sort) parse(line);
  }

  @Test
  void readsOrderAndKeys() {
    assertThat(parse("uid sort (Subject Reverse DisplayTo) utf-8 from x 1:3"))
        .isEqualTo(
            new ImapCommand.Sort(
                true,
                Set.of(),
                List.of(
                    new SortCriterion(SortKey.SUBJECT, false),
                    new SortCriterion(SortKey.DISPLAYTO, true)),
                new SearchKey.And(
                    List.of(
                        new SearchKey.Header("FROM", "x"),
                        new SearchKey.Numbered(false, SequenceSet.of(1, 3))))));
    assertThat(sort("SORT (DATE) \"US-ASCII\" ALL").byUid()).isFalse();
  }

  @Test
  void knowsEveryKey() {
    List<SortCriterion> all =
        Arrays.stream(SortKey.values()).map(key -> new SortCriterion(key, false)).toList();
    assertThat(
            sort("SORT (ARRIVAL CC DATE FROM SIZE SUBJECT TO DISPLAYFROM DISPLAYTO) UTF-8 ALL")
                .order())
        .isEqualTo(all);
  }

  @Test
  void takesAKeyThatIsNamedAgainForOne() {
    assertThat(sort("SORT (REVERSE DATE DATE" + " REVERSE SIZE SIZE".repeat(50) + ") UTF-8 $"))
        .isEqualTo(
            new ImapCommand.Sort(
                false,
                Set.of(),
                List.of(
                    new SortCriterion(SortKey.DATE, true), new SortCriterion(SortKey.SIZE, true)),
                new SearchKey.Numbered(false, SequenceSet.SAVED)));
  }

  /** RFC 5267 section 5. */
  @Test
  void readsWhatIsToBeReturned() {
    assertThat(sort("SORT RETURN (MIN max Count SAVE MIN) (DATE) UTF-8 ALL").returns())
        .containsExactlyInAnyOrder(
            SearchReturn.MIN, SearchReturn.MAX, SearchReturn.COUNT, SearchReturn.SAVE);
    assertThat(sort("uid sort return () (date) utf-8 all").returns())
        .containsExactly(SearchReturn.ALL);
  }

  @Test
  void leavesSequenceNumbersAsTheyAreWhereItCountsWithThem() {
    assertThat(CommandFacts.of(parse("SORT (DATE) UTF-8 ALL")).expungeMayFollow()).isFalse();
    assertThat(CommandFacts.of(parse("UID SORT (DATE) UTF-8 ALL")).expungeMayFollow()).isTrue();
    assertThat(CommandFacts.of(parse("UID SORT (DATE) UTF-8 UID 1 $")).expungeMayFollow()).isTrue();
    assertThat(CommandFacts.of(parse("UID SORT (DATE) UTF-8 NOT 1:3")).expungeMayFollow())
        .isFalse();
  }

  /** RFC 7162 section 3.1.9. */
  @Test
  void enablesCondstoreByItsKey() {
    assertThat(parse("SORT (DATE) UTF-8 MODSEQ 1").isCondstoreEnabling()).isTrue();
    assertThat(parse("SORT (DATE) UTF-8 TEXT MODSEQ").isCondstoreEnabling()).isFalse();
  }

  @Test
  void refusesUnknownCharsets() {
    for (String charset : List.of("ISO-8859-1", "ALL", "\"\"", "UTF-8-ISH")) {
      assertThat(refusal("SORT (DATE) " + charset + " ALL"))
          .as(charset)
          .startsWith("NO [BADCHARSET (US-ASCII UTF-8)] ");
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "SORT",
        "SORT ",
        "SORT (DATE)",
        "SORT (DATE) UTF-8",
        "SORT (DATE)UTF-8 ALL",
        "SORT(DATE) UTF-8 ALL",
        "SORT () UTF-8 ALL",
        "SORT ( DATE) UTF-8 ALL",
        "SORT (DATE ) UTF-8 ALL",
        "SORT (DATE,SIZE) UTF-8 ALL",
        "SORT (DATE UTF-8 ALL",
        "SORT DATE UTF-8 ALL",
        "SORT ((DATE)) UTF-8 ALL",
        "SORT (\"DATE\") UTF-8 ALL",
        "SORT (REVERSE) UTF-8 ALL",
        "SORT (REVERSE (DATE)) UTF-8 ALL",
        "SORT (REVERSE REVERSE DATE) UTF-8 ALL",
        "SORT (DATE REVERSE) UTF-8 ALL",
        "SORT (BCC) UTF-8 ALL",
        "SORT (DATE) UTF-8 ALL)",
        "SORT (DATE) UTF-8 XYZZY",
        "SORT RETURN",
        "SORT RETURN (COUNT)",
        "SORT RETURN (COUNT) UTF-8 ALL",
        "SORT RETURN (COUNT)(DATE) UTF-8 ALL",
        "SORT RETURN COUNT (DATE) UTF-8 ALL",
        "SORT RETURN (COUNT (DATE) UTF-8 ALL",
        "SORT RETURN (PARTIAL 1:5) (DATE) UTF-8 ALL",
        "SORT RETURN (CONTEXT) (DATE) UTF-8 ALL",
        "SORT RETURN (UPDATE) (DATE) UTF-8 ALL",
        "SORT RETURN (COUNT) RETURN (COUNT) (DATE) UTF-8 ALL",
        "SORT XYZZY (DATE) UTF-8 ALL",
        "UID SORT",
        "UID UID SORT (DATE) UTF-8 ALL",
      })
  void refusesWhatIsNotInTheGrammar(String line) {
    assertThat(refusal(line)).startsWith("BAD ");
  }
}
