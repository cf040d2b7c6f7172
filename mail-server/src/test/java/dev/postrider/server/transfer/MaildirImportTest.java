package dev.postrider.server.transfer;

import static dev.postrider.server.transfer.TransferHouse.file;
import static dev.postrider.server.transfer.TransferHouse.folder;
import static dev.postrider.server.transfer.TransferHouse.maildir;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.postrider.storage.StoreException;
import dev.postrider.storage.messages.Flags;
import dev.postrider.storage.messages.Message;
import dev.postrider.storage.messages.SystemFlag;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Instant;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class MaildirImportTest {

  private static final String DAY_1 = "2020-01-01T10:00:00Z";
  private static final String DAY_2 = "2020-01-02T10:00:00Z";
  private static final String DAY_3 = "2020-01-03T10:00:00Z";

  @TempDir private Path directory;
  private TransferHouse house;
  private Path root;

  @BeforeEach
  void open() throws Exception {
    house = new TransferHouse(directory.resolve("data"));
    root = maildir(directory.resolve("Maildir"));
  }

  @AfterEach
  void close() throws Exception {
    house.close();
  }

  @Test
  void takesFlagsDatesAndOrderAlong() throws Exception {
    file(root.resolve("cur/3.x:2,FRS"), DAY_3, "Subject: c\n\nc\n");
    file(root.resolve("new/2.x"), DAY_2, "Subject: b\n\nb\n");
    file(root.resolve("cur/1.x,S=12:2,DTP"), DAY_1, "Subject: a\n\na\n");
    file(root.resolve("tmp/0.x"), DAY_1, "Subject: unfinished\n\n");

    FolderTally inbox = folder(house.importFrom(root), "INBOX");

    assertThat(inbox).isEqualTo(new FolderTally("INBOX", 3, 3, 0, 0, 0));
    assertThat(house.messages("INBOX"))
        .extracting(Message::internalDate)
        .containsExactly(Instant.parse(DAY_1), Instant.parse(DAY_2), Instant.parse(DAY_3));
    assertThat(house.messages("INBOX"))
        .extracting(Message::flags)
        .containsExactly(
            Flags.of(Set.of(SystemFlag.DRAFT, SystemFlag.DELETED), Set.of("$Forwarded")),
            Flags.NONE,
            Flags.of(SystemFlag.FLAGGED, SystemFlag.ANSWERED, SystemFlag.SEEN));
    assertThat(house.texts("INBOX").getFirst()).isEqualTo("Subject: a\r\n\r\na\r\n");
  }

  @Test
  void countsNumbersInNamesOfOneSecond() throws Exception {
    for (int i : List.of(10, 9, 2, 1)) {
      file(root.resolve("cur/1577872800.M5Q" + i + ".x:2,"), DAY_1, "A: " + i + "\n\n");
    }

    house.importFrom(root);

    assertThat(house.texts("INBOX"))
        .containsExactly("A: 1\r\n\r\n", "A: 2\r\n\r\n", "A: 9\r\n\r\n", "A: 10\r\n\r\n");
  }

  @Test
  void filesNothingTwice() throws Exception {
    file(root.resolve("cur/1.x:2,"), DAY_1, "Subject: a\n\na\n");
    file(root.resolve("cur/2.x:2,"), DAY_2, "Subject: b\n\nb\n");
    house.importFrom(root);
    file(root.resolve("new/3.x"), DAY_3, "Subject: c\n\nc\n");
    Files.move(root.resolve("cur/1.x:2,"), root.resolve("cur/1.x:2,S"));
    Files.setLastModifiedTime(root.resolve("cur/2.x:2,"), FileTime.from(Instant.parse(DAY_3)));

    FolderTally again = folder(house.importFrom(root), "INBOX");

    assertThat(again).isEqualTo(new FolderTally("INBOX", 3, 1, 2, 0, 0));
    assertThat(house.messages("INBOX")).hasSize(3);
  }

  @Test
  void keepsAMessageThatTheSourceHasTwiceAndNoMoreOfIt() throws Exception {
    file(root.resolve("cur/1.x:2,"), DAY_1, "Subject: a\n\na\n");
    file(root.resolve("cur/2.x:2,"), DAY_2, "Subject: a\n\na\n");

    house.importFrom(root);
    house.importFrom(root);

    assertThat(house.messages("INBOX")).hasSize(2);
  }

  @Test
  void goesOnWhereItWasCutOff() throws Exception {
    for (int i = 0; i < 600; i++) {
      file(root.resolve("cur/" + (1000 + i) + ".x:2,"), DAY_1, "Subject: " + (1000 + i) + "\n\n");
    }
    // Three batches of 256: the first is committed, then the source cannot be read any more.
    try (StoredMail mail = house.mail()) {
      mail.begin("INBOX", true);
      SourceFolder source = new MaildirFolder("INBOX", root, false);
      Cut cut = new Cut(mail, 300);
      assertThat(catchThrowableOfType(IllegalStateException.class, () -> source.read(cut)))
          .isNotNull();
    }
    assertThat(house.messages("INBOX")).hasSize(256);

    FolderTally rest = folder(house.importFrom(root), "INBOX");

    assertThat(rest).isEqualTo(new FolderTally("INBOX", 600, 344, 256, 0, 0));
    assertThat(house.texts("INBOX")).doesNotHaveDuplicates().isSorted();
  }

  /** Commits every 256, and dies like a process. */
  private static final class Cut implements SourceFolder.Reader {
    private final AccountMail mail;
    private final int after;
    private int count;

    Cut(AccountMail mail, int after) {
      this.mail = mail;
      this.after = after;
    }

    @Override
    public void message(SourceFolder.Found message) throws StoreException {
      if (count == after) {
        throw new IllegalStateException("killed");
      }
      try {
        mail.add(message.flags(), message.arrived(), message.text());
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
      count++;
      if (count % 256 == 0) {
        mail.commit();
      }
    }

    @Override
    public void unreadable(String label, String reason) {
      throw new AssertionError(label + reason);
    }

    @Override
    public void passedOver() {}

    @Override
    public void worked(long units) {}
  }

  @Test
  void readsTheLayoutsThatAreAround() throws Exception {
    file(maildir(root.resolve(".Work.Caf&AOk-")).resolve("cur/1.x:2,"), DAY_1, "A: 1\n\n");
    file(maildir(root.resolve(".Ünicode")).resolve("cur/1.x:2,"), DAY_1, "A: 2\n\n");
    file(maildir(root.resolve("Plain/Below")).resolve("cur/1.x:2,"), DAY_1, "A: 3\n\n");
    file(maildir(root.resolve("Mozilla.sbd/Sub")).resolve("cur/1"), DAY_1, "A: 4\n\n");
    file(maildir(root.resolve(".a&AC4-b")).resolve("cur/1"), DAY_1, "A: 5\n\n");
    Files.createDirectories(root.resolve(".git/objects"));

    house.importFrom(root);

    assertThat(house.texts("Work/Café")).containsExactly("A: 1\r\n\r\n");
    assertThat(house.texts("Ünicode")).containsExactly("A: 2\r\n\r\n");
    assertThat(house.texts("Plain/Below")).containsExactly("A: 3\r\n\r\n");
    assertThat(house.texts("Mozilla/Sub")).containsExactly("A: 4\r\n\r\n");
    assertThat(house.texts("a.b")).containsExactly("A: 5\r\n\r\n");
    assertThat(house.leftOut).isEmpty();
  }

  @Test
  void readsATreeOfMaildirsWithoutOneAtItsRoot() throws Exception {
    Path tree = directory.resolve("mail");
    file(maildir(tree.resolve("Inbox")).resolve("new/1"), DAY_1, "A: 1\n\n");
    file(maildir(tree.resolve("Lists/java")).resolve("new/1"), DAY_1, "A: 2\n\n");

    house.importFrom(tree);

    assertThat(house.texts("INBOX")).hasSize(1);
    assertThat(house.texts("Lists/java")).hasSize(1);
  }

  @Test
  void putsSpecialFoldersIntoOurs() throws Exception {
    file(maildir(root.resolve(".Sent Items")).resolve("cur/1"), DAY_1, "A: 1\n\n");
    file(maildir(root.resolve(".Deleted Messages")).resolve("cur/1"), DAY_1, "A: 2\n\n");
    file(maildir(root.resolve(".Spam")).resolve("cur/1"), DAY_1, "A: 3\n\n");

    house.importFrom(root);

    assertThat(house.texts("Sent")).hasSize(1);
    assertThat(house.texts("Trash")).hasSize(1);
    assertThat(house.texts("Junk")).hasSize(1);
    assertThat(house.store.mailboxes().find(house.account.id(), "Spam")).isEmpty();
  }

  @Test
  void takesKeywordsAndSubscriptionsOfDovecot() throws Exception {
    Files.writeString(root.resolve("dovecot-keywords"), "0 $Label1\n1 NonJunk\n3 bad(name\n");
    Files.writeString(root.resolve("subscriptions"), "V\t2\n\nWork\tCaf&AOk-\n");
    file(root.resolve("cur/1.x:2,Sabdz"), DAY_1, "A: 1\n\n");
    maildir(root.resolve(".Work.Caf&AOk-"));
    maildir(root.resolve(".Other"));

    house.importFrom(root);

    assertThat(house.messages("INBOX").getFirst().flags())
        .isEqualTo(Flags.of(Set.of(SystemFlag.SEEN), Set.of("$Label1", "NonJunk")));
    assertThat(house.mailbox("Work/Café").subscribed()).isTrue();
    assertThat(house.mailbox("Other").subscribed()).isFalse();
  }

  @Test
  void readsThunderbirdsFlagsWhereItKeepsThem() throws Exception {
    Path tree = directory.resolve("Mail");
    maildir(tree.resolve("Inbox"));
    Files.writeString(tree.resolve("Inbox.msf"), "index");
    file(
        tree.resolve("Inbox/cur/1"),
        DAY_1,
        """
        From - Thu Jan  2 10:00:00 2020
        X-Mozilla-Status: 0001
        X-Mozilla-Keys: $label1
        Subject: x

        x
        """);
    file(tree.resolve("Inbox/cur/2"), DAY_1, "X-Mozilla-Status: 0008\nSubject: gone\n\nx\n");

    FolderTally inbox = folder(house.importFrom(tree), "INBOX");

    assertThat(inbox).isEqualTo(new FolderTally("INBOX", 1, 1, 0, 0, 1));
    assertThat(house.texts("INBOX")).containsExactly("Subject: x\r\n\r\nx\r\n");
    assertThat(house.messages("INBOX").getFirst().flags())
        .isEqualTo(Flags.of(Set.of(SystemFlag.SEEN), Set.of("$label1")));
  }

  @Test
  void takesOddMessagesAsTheyAre() throws Exception {
    file(root.resolve("cur/1"), DAY_1, "no header\n");
    file(root.resolve("cur/2"), DAY_1, "A: nul \0 and 8-bit \u00e9\n\nbare \r inside\n");
    file(root.resolve("cur/3"), DAY_1, "A: crlf\r\n\r\nbare \n inside\r\n");
    file(root.resolve("cur/4"), DAY_1, "A: mixed\n\nwindows\r\nend without newline");

    house.importFrom(root);

    assertThat(house.texts("INBOX"))
        .containsExactly(
            "no header\r\n",
            "A: nul \0 and 8-bit \u00e9\r\n\r\nbare \r inside\r\n",
            "A: crlf\r\n\r\nbare \n inside\r\n",
            "A: mixed\r\n\r\nwindows\r\nend without newline");
    assertThat(house.leftOut).isEmpty();
  }

  @Test
  void leavesOutWhatCannotBeStoredAndNamesIt() throws Exception {
    file(root.resolve("cur/1.empty"), DAY_1, "");
    file(root.resolve("cur/2.large"), DAY_1, "x".repeat((int) TransferHouse.OCTETS_MAX + 1));
    file(root.resolve("cur/3.fine"), DAY_1, "A: 1\n\n");
    Files.createSymbolicLink(root.resolve("cur/4.gone"), root.resolve("nowhere"));
    Files.createDirectories(root.resolve("cur/5.directory"));

    FolderTally inbox = folder(house.importFrom(root), "INBOX");

    assertThat(inbox).isEqualTo(new FolderTally("INBOX", 5, 1, 0, 4, 0));
    assertThat(house.leftOut)
        .anySatisfy(line -> assertThat(line).contains("1.empty", "empty"))
        .anySatisfy(line -> assertThat(line).contains("2.large", "[limits] message_size"))
        .anySatisfy(line -> assertThat(line).contains("4.gone", "vanished"))
        .anySatisfy(line -> assertThat(line).contains("5.directory", "no file"));
    assertThat(house.texts("INBOX")).containsExactly("A: 1\r\n\r\n");
  }

  @Test
  void namesAHundredThatAreLeftOutAndCountsTheRest() throws Exception {
    for (int i = 0; i < 150; i++) {
      file(root.resolve("cur/" + i), DAY_1, "");
    }

    assertThat(folder(house.importFrom(root), "INBOX").leftOut()).isEqualTo(150);
    assertThat(house.leftOut).hasSize(Importer.NAMED_MAX + 1);
  }

  @Test
  void doesNotFollowALinkBackToWhereItIs() throws Exception {
    file(root.resolve("cur/1"), DAY_1, "A: 1\n\n");
    Files.createSymbolicLink(root.resolve("Loop"), root);

    house.importFrom(root);

    assertThat(house.texts("INBOX")).hasSize(1);
    assertThat(house.leftOut).singleElement().asString().contains("Loop", "link back");
  }

  @Test
  void takesTheDateOfTheHeaderWhenAsked() throws Exception {
    file(
        root.resolve("cur/1"),
        DAY_3,
        "Received: from x by y; Wed, 1 Jan 2020 12:00:00 +0200\nDate: Tue, 2 Jan 2001 00:00:00"
            + " +0000\n\n");
    file(root.resolve("cur/2"), DAY_3, "Date: Thu, 2 Jan 2020 10:00:00 +0000\n\n");
    file(root.resolve("cur/3"), DAY_3, "Date: never\n\n");

    house.importBy(
        new Importer.Order(
            root, MailTree.Format.AUTO, MboxVariant.AUTO, null, Importer.Dates.HEADER, false));

    assertThat(house.messages("INBOX"))
        .extracting(Message::internalDate)
        .containsExactly(Instant.parse(DAY_1), Instant.parse(DAY_2), Instant.parse(DAY_3));
    assertThat(house.texts("INBOX").getLast()).isEqualTo("Date: never\r\n\r\n");
  }

  @Test
  void putsATreeBelowAFolder() throws Exception {
    file(root.resolve("cur/1"), DAY_1, "A: 1\n\n");
    file(maildir(root.resolve(".Sent")).resolve("cur/1"), DAY_1, "A: 2\n\n");

    house.importBy(
        new Importer.Order(
            root, MailTree.Format.AUTO, MboxVariant.AUTO, "Old", Importer.Dates.FILE, false));

    assertThat(house.texts("Old")).containsExactly("A: 1\r\n\r\n");
    assertThat(house.texts("Old/Sent")).containsExactly("A: 2\r\n\r\n");
    assertThat(house.texts("INBOX")).isEmpty();
  }

  @Test
  void changesNothingInADryRun() throws Exception {
    file(root.resolve("cur/1"), DAY_1, "A: 1\n\n");
    file(maildir(root.resolve(".Extra")).resolve("cur/1"), DAY_1, "A: 2\n\n");
    try (StoredMail mail =
        new StoredMail(house.store, house.account.id(), TransferHouse.OCTETS_MAX, true)) {

      List<FolderTally> tallies =
          new Importer(mail, TransferHouse.order(root), house.progress()).run();

      assertThat(folder(tallies, "Extra")).isEqualTo(new FolderTally("Extra", 1, 1, 0, 0, 0));
    }
    assertThat(house.texts("INBOX")).isEmpty();
    assertThat(house.store.mailboxes().find(house.account.id(), "Extra")).isEmpty();
  }

  @Test
  void saysWhatIsWrongWithAPath() throws Exception {
    Files.writeString(directory.resolve("note.txt"), "hello\n");
    Files.createDirectories(directory.resolve("empty"));

    assertThat(refused(directory.resolve("nowhere")))
        .satisfies(
            e -> assertThat(e.kind()).isEqualTo(TransferException.Kind.NO_INPUT),
            e -> assertThat(e).hasMessageContaining("there is no "));
    assertThat(refused(directory.resolve("note.txt")))
        .satisfies(
            e -> assertThat(e.kind()).isEqualTo(TransferException.Kind.NOT_MAIL),
            e -> assertThat(e).hasMessageContaining("no Maildir").hasMessageContaining("no mbox"));
    assertThat(refused(directory.resolve("empty")).kind())
        .isEqualTo(TransferException.Kind.NOT_MAIL);
    Files.writeString(directory.resolve("box"), "From a Mon Nov 23 01:02:03 2026\n\n");
    assertThat(refused(directory)).hasMessageContaining("--format");
  }

  private TransferException refused(Path source) {
    return catchThrowableOfType(TransferException.class, () -> house.importFrom(source));
  }
}
