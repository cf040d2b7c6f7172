package dev.postrider.protocol.imap;

import static dev.postrider.protocol.imap.Commands.parse;
import static dev.postrider.protocol.imap.Commands.refusal;
import static org.assertj.core.api.Assertions.assertThat;

import dev.postrider.protocol.imap.ImapCommand.ThreadAlgorithm;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** RFC 5256 section 5. */
class ThreadParserTest {

  @Test
  void readsAlgorithmAndKeys() {
    assertThat(parse("uid thread References utf-8 from x 1:3"))
        .isEqualTo(
            new ImapCommand.Thread(
                true,
                ThreadAlgorithm.REFERENCES,
                new SearchKey.And(
                    List.of(
                        new SearchKey.Header("FROM", "x"),
                        new SearchKey.Numbered(false, SequenceSet.of(1, 3))))));
    assertThat(parse("THREAD ORDEREDSUBJECT \"us-ascii\" $"))
        .isEqualTo(
            new ImapCommand.Thread(
                false,
                ThreadAlgorithm.ORDEREDSUBJECT,
                new SearchKey.Numbered(false, SequenceSet.SAVED)));
  }

  @Test
  void leavesSequenceNumbersAsTheyAreWhereItCountsWithThem() {
    assertThat(CommandFacts.of(parse("THREAD REFERENCES UTF-8 ALL")).expungeMayFollow()).isFalse();
    assertThat(CommandFacts.of(parse("UID THREAD REFERENCES UTF-8 ALL")).expungeMayFollow())
        .isTrue();
    assertThat(CommandFacts.of(parse("UID THREAD REFERENCES UTF-8 NOT 2")).expungeMayFollow())
        .isFalse();
  }

  /** RFC 7162 section 3.1.9. */
  @Test
  void enablesCondstoreByItsKey() {
    assertThat(parse("THREAD REFERENCES UTF-8 MODSEQ 1").isCondstoreEnabling()).isTrue();
    assertThat(parse("THREAD REFERENCES UTF-8 ALL").isCondstoreEnabling()).isFalse();
  }

  @Test
  void refusesUnknownCharsets() {
    assertThat(refusal("THREAD REFERENCES ALL ALL"))
        .startsWith("NO [BADCHARSET (US-ASCII UTF-8)] ");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "THREAD",
        "THREAD ",
        "THREAD REFERENCES",
        "THREAD REFERENCES UTF-8",
        "THREAD REFERENCES UTF-8 ",
        "THREAD (REFERENCES) UTF-8 ALL",
        "THREAD \"REFERENCES\" UTF-8 ALL",
        "THREAD REFS UTF-8 ALL",
        "THREAD UTF-8 ALL",
        "THREAD RETURN (COUNT) REFERENCES UTF-8 ALL",
        "THREAD REFERENCES UTF-8 XYZZY",
        "THREAD REFERENCES UTF-8 ALL)",
        "UID THREAD",
      })
  void refusesWhatIsNotInTheGrammar(String line) {
    assertThat(refusal(line)).startsWith("BAD ");
  }
}
