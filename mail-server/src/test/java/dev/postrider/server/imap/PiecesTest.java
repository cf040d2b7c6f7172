package dev.postrider.server.imap;

import static org.assertj.core.api.Assertions.assertThat;

import dev.postrider.storage.Commit;
import dev.postrider.storage.StoreException;
import dev.postrider.storage.messages.Flags;
import dev.postrider.storage.messages.Message;
import dev.postrider.storage.messages.MessageSource;
import dev.postrider.storage.messages.SystemFlag;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Commands about more messages than are kept in memory at the same time. */
class PiecesTest {

  /** Makes three pieces. */
  private static final int MANY = 10_050;

  private static final int PIECES = 3;

  private static final String SELECTED =
      """
      S: * OK {{.*}}
      C: a LOGIN alice@a.test secret
      S: a OK {{.*}}
      C: b SELECT INBOX
      S: ...
      S: b OK {{.*}}
      """;

  @TempDir Path directory;
  private ImapRig rig;

  @BeforeEach
  void open() throws StoreException {
    rig = new ImapRig(directory);
  }

  @AfterEach
  void close() throws StoreException {
    rig.close();
  }

  private void fill(int messages) throws StoreException {
    byte[] octets = "Subject: x\r\n\r\n".getBytes(StandardCharsets.US_ASCII);
    Commit.Filing filing =
        new Commit.Filing(rig.mailbox("INBOX").id(), Flags.NONE, rig.clock.instant());
    rig.store.commit(
        Commit.of(
            new Commit.Deposit(
                MessageSource.of(octets), Collections.nCopies(messages, filing), List.of())));
  }

  private List<Message> messages(String mailbox) throws StoreException {
    try (var index = rig.store.messages().open(rig.mailbox(mailbox).id())) {
      return index.snapshot().messages();
    }
  }

  private long commits(String mailbox) throws StoreException {
    return messages(mailbox).stream().map(Message::modSeq).distinct().count();
  }

  @Test
  void storeChangesAndAnswersAll() throws Exception {
    fill(MANY);
    rig.play(
        SELECTED
            + """
            C: c STORE 1:* +FLAGS (\\Seen)
            S: * 1 FETCH (FLAGS (\\Seen \\Recent))
            S: ...
            S: * 10050 FETCH (FLAGS (\\Seen \\Recent))
            S: c OK Stored
            C: d UID FETCH 10050 (FLAGS)
            S: * 10050 FETCH (UID 10050 FLAGS (\\Seen \\Recent))
            S: d OK Fetched
            """);
    assertThat(messages("INBOX")).allMatch(message -> message.flags().has(SystemFlag.SEEN));
    assertThat(commits("INBOX")).isEqualTo(PIECES);
  }

  @Test
  void silentStoreSaysNothing() throws Exception {
    fill(MANY);
    rig.play(
        SELECTED
            + """
            C: c STORE 1:* +FLAGS.SILENT (\\Flagged)
            S: c OK Stored
            C: d NOOP
            S: d OK {{.*}}
            """);
    assertThat(messages("INBOX")).allMatch(message -> message.flags().has(SystemFlag.FLAGGED));
    assertThat(commits("INBOX")).isEqualTo(PIECES);
  }

  @Test
  void conditionalStoreNamesWhatItLeftInAnyPiece() throws Exception {
    fill(MANY);
    long filled = messages("INBOX").getLast().modSeq().value();
    rig.play(
        SELECTED
            + """
            C: c STORE 3,4000:4001,10050 +FLAGS.SILENT (\\Flagged)
            S: c OK Stored
            C: d STORE 1:* (UNCHANGEDSINCE %d) +FLAGS.SILENT (\\Seen)
            S: * OK [HIGHESTMODSEQ {{[0-9]+}}] {{.*}}
            S: * 1 FETCH (UID 1 MODSEQ ({{[0-9]+}}))
            S: ...
            S: d OK [MODIFIED 3,4000:4001,10050] {{.*}}
            C: e SEARCH UNSEEN
            S: * SEARCH 3 4000 4001 10050
            S: e OK {{.*}}
            """
                .formatted(filled));
    assertThat(messages("INBOX").stream().filter(m -> m.flags().has(SystemFlag.SEEN)))
        .hasSize(MANY - 4);
  }

  @Test
  void fetchesWhatHasChangedAlone() throws Exception {
    fill(MANY);
    long filled = messages("INBOX").getLast().modSeq().value();
    rig.play(
        SELECTED
            + """
            C: c STORE 3,4001,10050 +FLAGS.SILENT (\\Flagged)
            S: c OK Stored
            C: d UID FETCH 1:* (FLAGS) (CHANGEDSINCE %d)
            S: * OK [HIGHESTMODSEQ %d] {{.*}}
            S: * 3 FETCH (UID 3 FLAGS (\\Flagged \\Recent) MODSEQ (%d))
            S: * 4001 FETCH (UID 4001 FLAGS (\\Flagged \\Recent) MODSEQ (%d))
            S: * 10050 FETCH (UID 10050 FLAGS (\\Flagged \\Recent) MODSEQ (%d))
            S: d OK Fetched
            """
                .formatted(filled, filled + 1, filled + 1, filled + 1, filled + 1));
  }

  @Test
  void fewerAreOneCommit() throws Exception {
    fill(9000);
    rig.play(
        SELECTED
            + """
            C: c STORE 1:* +FLAGS.SILENT (\\Seen)
            S: c OK Stored
            """);
    assertThat(commits("INBOX")).isEqualTo(1);
  }

  @Test
  void bodiesAreMarkedSeen() throws Exception {
    fill(MANY);
    rig.play(
        SELECTED
            + """
            C: c FETCH 1:* BODY[]<0.1>
            S: ...
            S: c OK Fetched
            C: d NOOP
            S: d OK {{.*}}
            """);
    assertThat(messages("INBOX")).allMatch(message -> message.flags().has(SystemFlag.SEEN));
    assertThat(commits("INBOX")).isEqualTo(PIECES);
  }

  @Test
  void expungeRemovesAll() throws Exception {
    fill(MANY);
    rig.play(
        SELECTED
            + """
            C: c STORE 1:* +FLAGS.SILENT (\\Deleted)
            S: c OK Stored
            C: d EXPUNGE
            S: * 10050 EXPUNGE
            S: ...
            S: * 1 EXPUNGE
            S: d OK Expunged 10050
            """);
    assertThat(messages("INBOX")).isEmpty();
  }

  @Test
  void searchFindsAll() throws Exception {
    fill(MANY);
    rig.play(
        SELECTED
            + """
            C: c UID SEARCH UNSEEN
            S: * SEARCH 1 2 {{.* 10049 10050}}
            S: c OK Searched
            """);
  }

  @Test
  void searchTellsAllInOneRangeAndSavesIt() throws Exception {
    fill(MANY);
    rig.play(
        SELECTED
            + """
            C: c UID SEARCH RETURN (MIN MAX ALL COUNT SAVE) UNSEEN
            S: * ESEARCH (TAG "c") UID MIN 1 MAX 10050 ALL 1:10050 COUNT 10050
            S: c OK Searched
            C: d STORE $ +FLAGS.SILENT (\\Seen)
            S: d OK Stored
            C: e SEARCH RETURN (MIN MAX) UNSEEN
            S: * ESEARCH (TAG "e")
            S: e OK Searched
            C: f SEARCH RETURN (MIN) 300:*
            S: * ESEARCH (TAG "f") MIN 300
            S: f OK Searched
            C: g SEARCH RETURN (MAX) 1:9000
            S: * ESEARCH (TAG "g") MAX 9000
            S: g OK Searched
            """);
    assertThat(commits("INBOX")).isEqualTo(PIECES);
  }

  /** Where each piece begins and ends. */
  private static List<List<Integer>> pieces(int count, int enough, boolean up) throws Exception {
    List<List<Integer>> seen = new ArrayList<>();
    Pieces.Look look =
        some -> {
          seen.add(List.of(some[0], some[some.length - 1]));
          return seen.size() < enough;
        };
    if (up) {
      Pieces.upwards(count, look);
    } else {
      Pieces.downwards(count, look);
    }
    return seen;
  }

  @Test
  void looksAtEveryPositionOnceInEitherDirection() throws Exception {
    assertThat(pieces(10_050, 99, true))
        .containsExactly(
            List.of(0, 249), List.of(250, 4249), List.of(4250, 8249), List.of(8250, 10_049));
    assertThat(pieces(10_050, 99, false))
        .containsExactly(
            List.of(9800, 10_049), List.of(5800, 9799), List.of(1800, 5799), List.of(0, 1799));
    assertThat(pieces(250, 99, true)).containsExactly(List.of(0, 249));
    assertThat(pieces(1, 99, false)).containsExactly(List.of(0, 0));
    assertThat(pieces(0, 99, true)).isEmpty();
    assertThat(pieces(0, 99, false)).isEmpty();
  }

  @Test
  void looksNoFurtherThanIsEnough() throws Exception {
    assertThat(pieces(1_000_000, 1, true)).containsExactly(List.of(0, 249));
    assertThat(pieces(1_000_000, 1, false)).containsExactly(List.of(999_750, 999_999));
    assertThat(pieces(1_000_000, 2, false)).hasSize(2).last().isEqualTo(List.of(995_750, 999_749));
  }

  @Test
  void moveTellsTheNewNumbersOfEachPiece() throws Exception {
    fill(MANY);
    rig.play(
        SELECTED
            + """
            C: c MOVE 1:* Trash
            S: * OK [COPYUID {{[0-9]+}} 1:4000 1:4000] Moved
            S: * OK [COPYUID {{[0-9]+}} 4001:8000 4001:8000] Moved
            S: * OK [COPYUID {{[0-9]+}} 8001:10050 8001:10050] Moved
            S: * 10050 EXPUNGE
            S: ...
            S: c OK [HIGHESTMODSEQ {{[0-9]+}}] Moved
            """);
    assertThat(messages("INBOX")).isEmpty();
    assertThat(messages("Trash")).hasSize(MANY);
  }

  @Test
  void copyOfMoreThanOneCommitTakesIsRefusedAndCopiesNothing() throws Exception {
    fill(50_001);
    rig.play(
        SELECTED
            + """
            C: c COPY 1:* Trash
            S: c NO [LIMIT] At most 50000 messages can be copied at once
            C: d COPY 1:50000 Trash
            S: d OK [COPYUID {{[0-9]+}} 1:50000 1:50000] Copied
            """);
    assertThat(messages("Trash")).hasSize(50_000);
  }
}
