package dev.postrider.server.transfer;

import static dev.postrider.server.transfer.TransferHouse.folder;
import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.postrider.server.transfer.TransferException.Kind;
import dev.postrider.storage.messages.FlagChange;
import dev.postrider.storage.messages.Flags;
import dev.postrider.storage.messages.SystemFlag;
import dev.postrider.storage.messages.UidSet;
import dev.postrider.testkit.mail.MessageGenerator;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Instant;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

final class ExportTest {

  private static final Instant DAY = Instant.parse("2020-01-01T10:00:00Z");

  @TempDir private Path directory;
  private TransferHouse house;
  private Path target;

  @BeforeEach
  void open() throws Exception {
    house = new TransferHouse(directory.resolve("data"));
    target = directory.resolve("export");
  }

  @AfterEach
  void close() throws Exception {
    house.close();
  }

  @ParameterizedTest
  @EnumSource
  void comesBackEqualMessageForMessage(Exporter.Format format) throws Exception {
    fill();

    house.export(target, format);

    try (TransferHouse other = new TransferHouse(directory.resolve("other"))) {
      List<FolderTally> tallies = other.importFrom(target);
      TransferHouse.assertEqual(other, house);
      assertThat(tallies).allSatisfy(tally -> assertThat(tally.leftOut()).isZero());
      assertThat(other.importFrom(target)).allSatisfy(tally -> assertThat(tally.moved()).isZero());
    }
    assertThat(house.importFrom(target)).allSatisfy(tally -> assertThat(tally.moved()).isZero());
  }

  /** Folders of all kinds, every shape of message, every flag. */
  private void fill() throws Exception {
    MessageGenerator generator = new MessageGenerator(5);
    for (String name : List.of("Work", "Work/Caf\u00e9.au lait", "Q&A-x", ".hidden")) {
      house.store.mailboxes().create(house.account.id(), name, null);
      house.store.mailboxes().subscribe(house.account.id(), name);
    }
    List<String> folders = List.of("INBOX", "Sent", "Work/Caf\u00e9.au lait", "Q&A-x", ".hidden");
    // As they arrive: a Maildir has no order but that of dates.
    for (int i = 0; i < 60; i++) {
      Flags flags = new Flags(i % 32, new TreeSet<>(keywords(i)));
      house.deposit(folders.get(i % 5), flags, DAY.minusSeconds(100 - i), generator.message(i));
    }
    deposit("From alice Wed Jan  1 10:00:00 2020\r\nA: 1\r\n\r\n>From x\r\nFrom y\r\n\r\n\r\n");
    deposit("no header\r\n");
    deposit("\r\nbody alone\r\n");
    deposit("A: bare\r\n\r\ncr \r and lf \n and cr cr lf \r\r\nend\r\n");
    deposit("A: the same\r\n\r\ntwice\r\n");
    deposit("A: the same\r\n\r\ntwice\r\n");
  }

  private static Set<String> keywords(int i) {
    return switch (i % 4) {
      case 0 -> Set.of("$Forwarded");
      case 1 -> Set.of("$Label1", "NonJunk");
      default -> Set.of();
    };
  }

  private void deposit(String text) throws Exception {
    house.deposit("INBOX", Flags.NONE, DAY, text.getBytes(ISO_8859_1));
  }

  @Test
  void keepsAMessageWithoutALastNewlineInAMaildir() throws Exception {
    deposit("A: 1\r\n\r\nno end");
    house.export(target, Exporter.Format.MAILDIR);

    assertThat(folder(house.importFrom(target), "INBOX"))
        .isEqualTo(new FolderTally("INBOX", 1, 0, 1, 0, 0));
  }

  @Test
  void writesAMaildirAsDovecotHasIt() throws Exception {
    house.deposit(
        "Sent",
        Flags.of(Set.of(SystemFlag.SEEN), Set.of("$Label1")),
        DAY,
        "A: 1\r\n\r\nx\r\n".getBytes(ISO_8859_1));

    house.export(target, Exporter.Format.MAILDIR);

    Path file = only(target.resolve(".Sent/cur"));
    assertThat(file.getFileName().toString())
        .matches("1577872800\\.V\\d+U1\\.postrider,S=8,W=11:2,Sa");
    assertThat(file).hasContent("A: 1\n\nx\n");
    assertThat(Files.getLastModifiedTime(file).toInstant()).isEqualTo(DAY);
    assertThat(target.resolve(".Sent/dovecot-keywords")).hasContent("0 $Label1\n");
    assertThat(target.resolve(".Sent/tmp")).isEmptyDirectory();
    assertThat(Files.readString(target.resolve("subscriptions")))
        .startsWith("V\t2\n\nINBOX\n")
        .contains("\nSent\n");
  }

  @ParameterizedTest
  @EnumSource
  void addsWhatIsNew(Exporter.Format format) throws Exception {
    deposit("A: 1\r\n\r\n");
    house.export(target, format);
    deposit("A: 2\r\n\r\n");

    assertThat(folder(house.export(target, format), "INBOX"))
        .isEqualTo(new FolderTally("INBOX", 2, 1, 1, 0, 0));
    assertThat(folder(house.export(target, format), "INBOX"))
        .isEqualTo(new FolderTally("INBOX", 2, 0, 2, 0, 0));
  }

  @Test
  void letsTheFlagsOfAMaildirFollow() throws Exception {
    deposit("A: 1\r\n\r\n");
    house.export(target, Exporter.Format.MAILDIR);
    house
        .store
        .messages()
        .changeFlags(
            house.mailbox("INBOX").id(),
            UidSet.of(1),
            new FlagChange.Add(Flags.of(Set.of(SystemFlag.FLAGGED), Set.of("work"))),
            null);

    house.export(target, Exporter.Format.MAILDIR);

    assertThat(only(target.resolve("cur")).getFileName().toString()).endsWith(":2,Fa");
    assertThat(target.resolve("dovecot-keywords")).hasContent("0 work\n");
  }

  @Test
  void goesOnAfterAKill() throws Exception {
    deposit("A: 1\r\n\r\n");
    house.export(target, Exporter.Format.MAILDIR);
    Path whole = only(target.resolve("cur"));
    String torn = whole.getFileName().toString().replaceFirst("U1\\.postrider.*", "U2.postrider");
    Files.writeString(target.resolve("tmp").resolve(torn), "A: ");
    deposit("A: 2\r\n\r\n");

    house.export(target, Exporter.Format.MAILDIR);

    assertThat(target.resolve("tmp")).isEmptyDirectory();
    try (Stream<Path> files = Files.list(target.resolve("cur"))) {
      assertThat(files).hasSize(2);
    }
  }

  @Test
  void cutsOffTheHalfBatchOfARunThatWasKilled() throws Exception {
    deposit("A: 1\r\n\r\n");
    house.export(target, Exporter.Format.MBOX);
    Path state = target.resolve(".INBOX.postrider");
    Files.writeString(state, Files.readString(state).replace("whole", "appending"));
    Files.writeString(
        target.resolve("INBOX"), "From x Wed Jan  1 10:00", StandardOpenOption.APPEND);
    deposit("A: 2\r\n\r\n");

    house.export(target, Exporter.Format.MBOX);

    assertThat(target.resolve("INBOX"))
        .hasContent(
            """
            From MAILER-DAEMON Wed Jan  1 10:00:00 2020
            Status: O
            A: 1


            From MAILER-DAEMON Wed Jan  1 10:00:00 2020
            Status: O
            A: 2


            """);
  }

  @Test
  void leavesAnMboxAloneThatSomebodyElseChanged() throws Exception {
    deposit("A: 1\r\n\r\n");
    house.export(target, Exporter.Format.MBOX);
    Files.writeString(target.resolve("INBOX"), "From x", StandardOpenOption.APPEND);
    byte[] before = Files.readAllBytes(target.resolve("INBOX"));

    assertThat(refused(Exporter.Format.MBOX))
        .hasMessageContaining("was changed by another program");
    assertThat(target.resolve("INBOX")).hasBinaryContent(before);
  }

  @Test
  void takesNoDirectoryThatIsNotItsOwn() throws Exception {
    Files.createDirectories(target);
    Files.writeString(target.resolve("thesis.tex"), "x");
    assertThat(refused(Exporter.Format.MAILDIR))
        .hasMessageContaining("not empty")
        .extracting(TransferException::kind)
        .isEqualTo(Kind.CANNOT_CREATE);

    Files.delete(target.resolve("thesis.tex"));
    house.export(target, Exporter.Format.MAILDIR);
    assertThat(refused(Exporter.Format.MBOX)).hasMessageContaining("holds another export");
  }

  @Test
  void namesAMessageThatIsDamagedAndGoesOn() throws Exception {
    deposit("A: 1\r\n\r\ndamaged soon\r\n");
    deposit("A: 2\r\n\r\n");
    Path segment;
    try (Stream<Path> files = Files.list(directory.resolve("data/log"))) {
      segment = files.sorted().reduce((a, b) -> b).orElseThrow();
    }
    String log = Files.readString(segment, ISO_8859_1);
    byte[] bytes = log.replace("damaged soon", "damaged now!").getBytes(ISO_8859_1);
    Files.write(segment, bytes);

    for (Exporter.Format format : Exporter.Format.values()) {
      house.leftOut.clear();
      Path own = directory.resolve("export-" + format);
      assertThat(folder(house.export(own, format), "INBOX"))
          .isEqualTo(new FolderTally("INBOX", 2, 1, 0, 1, 0));
      assertThat(house.leftOut).singleElement().asString().startsWith("INBOX, UID 1: ");
    }
    assertThat(only(directory.resolve("export-MAILDIR/cur"))).hasContent("A: 2\n\n");
    assertThat(directory.resolve("export-MAILDIR/tmp")).isEmptyDirectory();
    assertThat(Files.readString(directory.resolve("export-MBOX/INBOX")))
        .doesNotContain("damaged")
        .contains("A: 2");
  }

  @Test
  void saysWhenAMaildirHasTooFewLetters() throws Exception {
    for (int i = 0; i < 27; i++) {
      house.deposit(
          "INBOX",
          Flags.of(Set.of(), Set.of("keyword" + i)),
          DAY,
          ("A: " + i + "\r\n\r\n").getBytes(ISO_8859_1));
    }

    house.export(target, Exporter.Format.MAILDIR);

    assertThat(house.leftOut).singleElement().asString().contains("more than 26 keywords");
  }

  private TransferException refused(Exporter.Format format) {
    return catchThrowableOfType(TransferException.class, () -> house.export(target, format));
  }

  private static Path only(Path directory) throws Exception {
    try (Stream<Path> files = Files.list(directory)) {
      List<Path> all = files.toList();
      assertThat(all).hasSize(1);
      return all.getFirst();
    }
  }
}
