package dev.postrider.server.transfer;

import static dev.postrider.server.transfer.TransferHouse.file;
import static dev.postrider.server.transfer.TransferHouse.folder;
import static org.assertj.core.api.Assertions.assertThat;

import dev.postrider.storage.accounts.Quota;
import dev.postrider.storage.messages.Flags;
import dev.postrider.storage.messages.Message;
import dev.postrider.storage.messages.SystemFlag;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.Set;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class MboxImportTest {

  private static final String FROM = "From a@b.test Wed Jan  1 10:00:00 2020\n";
  private static final String DAY = "2020-01-05T10:00:00Z";

  @TempDir private Path directory;
  private TransferHouse house;
  private Path mbox;

  @BeforeEach
  void open() throws Exception {
    house = new TransferHouse(directory.resolve("data"));
    mbox = directory.resolve("box");
  }

  @AfterEach
  void close() throws Exception {
    house.close();
  }

  @Test
  void splitsMessagesAndTakesTheDateOfTheFromLine() throws Exception {
    box(FROM + "A: 1\n\none\n\n" + FROM.replace("10:00:00", "11:00:00") + "A: 2\n\ntwo\n\n\n\n");

    assertThat(folder(house.importFrom(mbox), "INBOX"))
        .isEqualTo(new FolderTally("INBOX", 2, 2, 0, 0, 0));

    assertThat(house.texts("INBOX"))
        .containsExactly("A: 1\r\n\r\none\r\n", "A: 2\r\n\r\ntwo\r\n\r\n\r\n");
    assertThat(house.messages("INBOX"))
        .extracting(Message::internalDate)
        .containsExactly(
            Instant.parse("2020-01-01T10:00:00Z"), Instant.parse("2020-01-01T11:00:00Z"));
  }

  /** The operator decides what is imported. */
  @Test
  void noQuotaHolds() throws Exception {
    box(FROM + "A: 1\n\none\n\n" + FROM + "A: 2\n\ntwo\n");
    house.limit(new Quota(1, 1, 1));

    assertThat(folder(house.importFrom(mbox), "INBOX"))
        .isEqualTo(new FolderTally("INBOX", 2, 2, 0, 0, 0));
  }

  @Test
  void readsTheDatesThatAreAround() {
    assertThat(FromLine.parse("From a Wed Jan  1 10:00:00 2020")).contains(at("10:00:00"));
    assertThat(FromLine.parse("From - Wed Jan 01 10:00:00 2020")).contains(at("10:00:00"));
    assertThat(FromLine.parse("From a b Wed Jan 1 10:00 2020")).contains(at("10:00:00"));
    assertThat(FromLine.parse("From a Wed Jan  1 10:00:00 2020 +0200")).contains(at("08:00:00"));
    assertThat(FromLine.parse("From a Wed Jan  1 10:00:00 EST 2020")).contains(at("15:00:00"));
    assertThat(FromLine.parse("From 1@xxx Wed Jan 01 10:00:00 +0000 2020"))
        .contains(at("10:00:00"));
    assertThat(FromLine.parse("From a Wed, 1 Jan 10:00:00 2020")).contains(at("10:00:00"));
    assertThat(FromLine.parse("From now on, Wed is free at 10:00 2020")).isEmpty();
    assertThat(FromLine.parse("From here to there")).isEmpty();
  }

  private static Instant at(String time) {
    return Instant.parse("2020-01-01T" + time + "Z");
  }

  @Test
  void leavesTextThatOnlyLooksLikeAFromLine() throws Exception {
    box(FROM + "A: 1\n\nhe said\n\nFrom here to there\n" + FROM + "is how a message begins\n\n");

    house.importFrom(mbox);

    assertThat(house.texts("INBOX"))
        .containsExactly(
            "A: 1\r\n\r\nhe said\r\n\r\nFrom here to there\r\n"
                + FROM.replace("\n", "\r\n")
                + "is how a message begins\r\n");
  }

  @Test
  void takesAMessageWithoutTheBlankLineBeforeIt() throws Exception {
    box(FROM + "A: 1\n\none\n" + FROM + "A: 2\n\ntwo\n");

    house.importFrom(mbox);

    assertThat(house.texts("INBOX")).containsExactly("A: 1\r\n\r\none\r\n", "A: 2\r\n\r\ntwo\r\n");
  }

  @Test
  void undoesTheQuotationOfItsVariant() throws Exception {
    box(FROM + "A: 1\n\n>From a\n>>From b\n> From c\n>Fro\n\n");

    assertThat(imported(MboxVariant.RD)).isEqualTo("From a\r\n>From b\r\n> From c\r\n>Fro\r\n");
    assertThat(imported(MboxVariant.O)).isEqualTo("From a\r\n>>From b\r\n> From c\r\n>Fro\r\n");
    assertThat(imported(MboxVariant.CL2)).isEqualTo(">From a\r\n>>From b\r\n> From c\r\n>Fro\r\n");
  }

  private String imported(MboxVariant variant) throws Exception {
    String into = "As " + variant;
    house.importBy(
        new Importer.Order(mbox, MailTree.Format.AUTO, variant, into, Importer.Dates.FILE, false));
    return house.texts(into).getFirst().substring("A: 1\r\n\r\n".length());
  }

  @Test
  void believesAContentLengthThatFits() throws Exception {
    String body = "one\n\n" + FROM + "B: within\n\n>From x\n";
    box(FROM + "A: 1\nContent-Length: " + body.length() + "\n\n" + body + "\n" + FROM + "A: 2\n\n");

    house.importFrom(mbox);

    assertThat(house.texts("INBOX"))
        .containsExactly("A: 1\r\n\r\n" + body.replace("\n", "\r\n"), "A: 2\r\n");
  }

  @Test
  void doesNotBelieveAContentLengthThatDoesNotFit() throws Exception {
    box(
        FROM
            + "Content-Length: 3\nA: 1\n\n>From x\n\n"
            + FROM
            + "Content-Length: 999999999999\nA: 2\n\ntwo\n\n");

    house.importFrom(mbox);

    assertThat(house.texts("INBOX"))
        .containsExactly("A: 1\r\n\r\nFrom x\r\n", "A: 2\r\n\r\ntwo\r\n");
  }

  @Test
  void readsFlagsAndTakesTheNotesOut() throws Exception {
    box(
        FROM
            + "Status: RO\nX-Status: AF\nX-Keywords: $Label1 work\nX-UID: 7\nA: 1\n\n"
            + FROM
            + "X-Mozilla-Status: 1006\nX-Mozilla-Status2: 00000000\n"
            + "X-Mozilla-Keys: NonJunk      \nA: 2\n\n"
            + FROM
            + "A: 3\nStatus: Completed\nX-Status: DT\n\nStatus: RO\n");

    house.importFrom(mbox);

    assertThat(house.texts("INBOX"))
        .containsExactly("A: 1\r\n", "A: 2\r\n", "A: 3\r\nStatus: Completed\r\n\r\nStatus: RO\r\n");
    assertThat(house.messages("INBOX"))
        .extracting(Message::flags)
        .containsExactly(
            Flags.of(
                Set.of(SystemFlag.SEEN, SystemFlag.ANSWERED, SystemFlag.FLAGGED),
                Set.of("$Label1", "work")),
            Flags.of(
                Set.of(SystemFlag.ANSWERED, SystemFlag.FLAGGED), Set.of("$Forwarded", "NonJunk")),
            Flags.of(SystemFlag.DELETED, SystemFlag.DRAFT));
  }

  @Test
  void passesOverWhatIsNoMail() throws Exception {
    box(
        FROM
            + "Subject: DON'T DELETE THIS MESSAGE -- FOLDER INTERNAL DATA\nX-IMAP: 1 2\n\nx\n\n"
            + FROM
            + "X-Mozilla-Status: 0009\nA: deleted\n\nx\n\n"
            + FROM
            + "A: 1\n\n");

    assertThat(folder(house.importFrom(mbox), "INBOX"))
        .isEqualTo(new FolderTally("INBOX", 1, 1, 0, 0, 2));
  }

  @Test
  void readsCrlfAndOddMessages() throws Exception {
    box(
        (FROM + "A: 1\n\none\n\n").replace("\n", "\r\n")
            + FROM
            + "no header at all\n\n"
            + FROM
            + "\nbody alone\n\n"
            + FROM
            + "A: last without an end");

    house.importFrom(mbox);

    assertThat(house.texts("INBOX"))
        .containsExactly(
            "A: 1\r\n\r\none\r\n",
            "no header at all\r\n",
            "\r\nbody alone\r\n",
            "A: last without an end");
  }

  @Test
  void filesNothingTwice() throws Exception {
    box(FROM + "A: 1\n\n" + FROM + "Status: O\nA: 2\n\n");
    house.importFrom(mbox);
    box(FROM + "Status: RO\nA: 1\n\n" + FROM + "Status: RO\nA: 2\n\n" + FROM + "A: 3\n\n");

    assertThat(folder(house.importFrom(mbox), "INBOX"))
        .isEqualTo(new FolderTally("INBOX", 3, 1, 2, 0, 0));
  }

  @Test
  void readsTheTreeOfThunderbird() throws Exception {
    Path tree = directory.resolve("Local Folders");
    file(tree.resolve("Inbox"), DAY, FROM + "A: 1\n\n");
    file(tree.resolve("Inbox.msf"), DAY, "// <!-- <mdb:mork");
    file(tree.resolve("Work"), DAY, "");
    file(tree.resolve("Work.msf"), DAY, "");
    file(tree.resolve("Work.sbd/Grüße"), DAY, FROM + "A: 2\n\n");
    file(tree.resolve("msgFilterRules.dat"), DAY, "version=\"9\"\n");

    house.importFrom(tree);

    assertThat(house.texts("INBOX")).containsExactly("A: 1\r\n");
    assertThat(house.texts("Work")).isEmpty();
    assertThat(house.texts("Work/Grüße")).containsExactly("A: 2\r\n");
  }

  @Test
  void handsOutLongLinesAndLargeMessagesInPieces() throws Exception {
    String line = "x".repeat(70_000);
    box(FROM + "A: 1\n\n" + line + "\n>" + "\n\n" + FROM + "A: 2\n\n");

    house.importFrom(mbox);

    assertThat(house.texts("INBOX"))
        .containsExactly("A: 1\r\n\r\n" + line + "\r\n>\r\n", "A: 2\r\n");
  }

  private void box(String text) throws Exception {
    Files.deleteIfExists(mbox);
    file(mbox, DAY, text);
  }
}
