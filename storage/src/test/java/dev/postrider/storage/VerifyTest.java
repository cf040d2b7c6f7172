package dev.postrider.storage;

import static dev.postrider.storage.StoreFixture.ALICE;
import static dev.postrider.storage.StoreFixture.CLOCK;
import static dev.postrider.storage.StoreFixture.noise;
import static dev.postrider.storage.StoreFixture.text;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIOException;

import dev.postrider.storage.audit.Finding;
import dev.postrider.storage.mailboxes.Mailbox;
import dev.postrider.storage.mailboxes.MailboxId;
import dev.postrider.storage.messages.FlagChange;
import dev.postrider.storage.messages.Flags;
import dev.postrider.storage.messages.Message;
import dev.postrider.storage.messages.MessageSource;
import dev.postrider.storage.messages.SystemFlag;
import dev.postrider.storage.messages.UidSet;
import dev.postrider.testkit.files.FileTree;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.Statement;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class VerifyTest {

  private static final int RECORD_HEADER_OCTETS = 48;
  private static final byte[] FIRST = noise(1, 3000);

  /** Of a record, before its payload. */
  private static final int HEADER_OCTETS = 48;

  private static final byte[] SECOND = noise(2, 3000);

  @TempDir Path temporary;
  private Path data;

  @BeforeEach
  void name() {
    data = temporary.resolve("data");
  }

  /** Some of everything, in several segments. */
  private void fill() throws Exception {
    try (StoreFixture fixture = new StoreFixture(data, small())) {
      fill(fixture);
    }
  }

  private static StoreSettings small() {
    return StoreFixture.settings().withSegmentOctets(4000);
  }

  private static void fill(StoreFixture fixture) throws Exception {
    MailboxId inbox = fixture.mailbox(ALICE, "INBOX");
    fixture.deposit(inbox, FIRST);
    fixture.deposit(inbox, SECOND);
    fixture.deposit(inbox, text("third"), SystemFlag.DELETED);
    fixture.store.messages().expunge(inbox, UidSet.of(3));
    fixture.store.messages().move(inbox, UidSet.of(1), fixture.mailbox(ALICE, "Archive"));
    fixture
        .store
        .messages()
        .changeFlags(inbox, UidSet.of(2), new FlagChange.Add(Flags.of(SystemFlag.SEEN)), null);
    Mailbox old = fixture.store.mailboxes().create(fixture.account(ALICE).id(), "old", null);
    fixture.deposit(old.id(), text("in a mailbox that goes"));
    fixture.store.mailboxes().delete(old.id());
    fixture.store.commit(
        Commit.of(
            new Commit.Deposit(
                MessageSource.of(text("queued")),
                List.of(),
                List.of(StoreFixture.queueEntry("bob@b.test", StoreFixture.NOW)))));
  }

  private List<Finding> verify() throws Exception {
    try (ClosedStore store = ClosedStore.at(data)) {
      return store.verify(Progress.NONE);
    }
  }

  private List<Finding> repair() throws Exception {
    return ClosedStore.at(data).repair(CLOCK, Progress.NONE);
  }

  private void sql(String statement) throws Exception {
    assertThat(execute(statement)).as(statement).isPositive();
  }

  /** Returns how many rows were changed. */
  private int execute(String statement) throws Exception {
    String url =
        "jdbc:h2:file:" + data.resolve("h2/projection") + ";MODE=PostgreSQL;DATABASE_TO_LOWER=TRUE";
    try (Connection connection = DriverManager.getConnection(url, "postrider", "");
        Statement run = connection.createStatement()) {
      int rows = run.executeUpdate(statement);
      // The file says that it stays open when its last connection is closed.
      run.execute("shutdown");
      return rows;
    }
  }

  private Path segment(int number) {
    return data.resolve("log").resolve("0000000" + number + ".seg");
  }

  private static void flip(Path file, long offset) throws IOException {
    try (FileChannel channel =
        FileChannel.open(file, StandardOpenOption.READ, StandardOpenOption.WRITE)) {
      ByteBuffer octet = ByteBuffer.allocate(1);
      channel.read(octet, offset);
      octet.put(0, (byte) (octet.get(0) ^ 0x10));
      channel.write(octet.rewind(), offset);
    }
  }

  private static int find(Path file, byte[] bytes) throws IOException {
    byte[] all = Files.readAllBytes(file);
    for (int i = 0; i <= all.length - bytes.length; i++) {
      if (Arrays.equals(all, i, i + bytes.length, bytes, 0, bytes.length)) {
        return i;
      }
    }
    throw new AssertionError("not in " + file);
  }

  @Test
  void findsNothingInAWholeStore() throws Exception {
    fill();
    assertThat(segment(2)).exists();
    assertThat(verify()).isEmpty();
    assertThat(data.resolve("check")).doesNotExist();
    try (StoreFixture fixture = new StoreFixture(data, small())) {
      assertThat(fixture.store.maintenance().verify(Progress.NONE)).isEmpty();
    }
  }

  @Test
  void findsNothingWhileTheStoreIsWrittenTo() throws Exception {
    try (StoreFixture fixture = new StoreFixture(data, small().withSegmentOctets(100_000))) {
      MailboxId inbox = fixture.mailbox(ALICE, "INBOX");
      AtomicBoolean stop = new AtomicBoolean();
      Thread writer =
          Thread.ofPlatform()
              .start(
                  () -> {
                    try {
                      for (int i = 1; !stop.get(); i++) {
                        long uid = fixture.deposit(inbox, noise(i, 700)).uid().value();
                        if (uid % 3 == 0) {
                          UidSet one = UidSet.of(uid);
                          FlagChange mark = new FlagChange.Add(Flags.of(SystemFlag.DELETED));
                          fixture.store.messages().changeFlags(inbox, one, mark, null);
                          fixture.store.messages().expunge(inbox, one);
                        }
                      }
                    } catch (StoreException e) {
                      throw new IllegalStateException(e);
                    }
                  });
      try {
        for (int i = 0; i < 5; i++) {
          assertThat(fixture.store.maintenance().verify(Progress.NONE)).isEmpty();
        }
      } finally {
        stop.set(true);
        writer.join();
      }
    }
  }

  @Test
  void findsAFlippedBitInEveryRecordOfTheLog() throws Exception {
    fill();
    byte[] log = Files.readAllBytes(segment(2));
    for (int offset = 0; offset < log.length; offset += 101) {
      flip(segment(2), offset);
      assertThat(verify())
          .as("octet %d", offset)
          .isNotEmpty()
          .anyMatch(finding -> finding.file().equals("log/00000002.seg") && finding.offset() >= 0);
      Files.write(segment(2), log);
    }
    assertThat(verify()).isEmpty();
  }

  @Test
  void namesTheMessageWhoseBodyIsDamaged() throws Exception {
    fill();
    int at = find(segment(1), SECOND);
    flip(segment(1), at + 100);
    assertThat(verify())
        .extracting(Finding::line)
        .anyMatch(
            line ->
                line.startsWith(
                    "log/00000001.seg at " + (at - RECORD_HEADER_OCTETS) + ": the body"))
        .anyMatch(line -> line.contains("is that of UID 2 of INBOX of alice@example.test"));
  }

  @Test
  void findsRowsThatAreNotAsTheLogSays() throws Exception {
    fill();
    for (String statement :
        List.of(
            "update message set flags = 31",
            "delete from message where id = (select max(id) from message)",
            "update mailbox set uid_next = 1 where name = 'INBOX'",
            "update mailbox set highest_modseq = 1 where name = 'INBOX'",
            "update body set position = position + 1 where id = 1",
            "update body set segment = 77 where id = 1",
            "delete from body where id = 2",
            "update expunged set body = null where body is not null",
            "delete from queue_entry",
            "update subscription set name = 'x' where name = 'Junk'",
            "insert into mailbox_right values (1, 0, false, 'lr')",
            "insert into annotation values (1, 1, '/shared/comment', X'00')",
            "update account set credential = 'y'",
            "update highest set given = 0 where name = 'body'")) {
      sql(statement);
      assertThat(verify()).as(statement).isNotEmpty();
      Files.delete(data.resolve("h2/projection.mv.db"));
      new StoreFixture(data, small()).close();
      assertThat(verify()).as("made again after: %s", statement).isEmpty();
    }
  }

  @Test
  void startMakesTablesAgainThatDoNotAddUp() throws Exception {
    for (String statement :
        List.of(
            "delete from message where id = (select max(id) from message)",
            "delete from body where id = 2",
            "update mailbox set uid_next = 1 where name = 'INBOX'")) {
      fill();
      sql(statement);
      new StoreFixture(data, small()).close();
      assertThat(verify()).as(statement).isEmpty();
    }
    assertThat(data.resolve("h2.bad-3")).exists();
  }

  @Test
  void startMakesTablesAgainThatDoNotTakeTheLog() throws Exception {
    fill();
    execute("alter table mailbox add constraint no_more check (id < 0) nocheck");
    sql("delete from checkpoint where slot = 0");
    new StoreFixture(data, small()).close();
    assertThat(verify()).isEmpty();
    assertThat(data.resolve("h2.bad-1")).exists();
  }

  @Test
  void missingTablesAndMissingSegmentsAreSaid() throws Exception {
    fill();
    Files.delete(data.resolve("h2/projection.mv.db"));
    assertThat(verify())
        .extracting(Finding::line)
        .containsExactly("h2/projection.mv.db: is missing; the next start makes the tables again");
    new StoreFixture(data, small()).close();
    Files.delete(segment(1));
    assertThat(verify())
        .extracting(Finding::line)
        .anyMatch(line -> line.startsWith("log/00000001.seg: is missing;"));
  }

  /** A crash between a body and its batch: the number of the body is given again. */
  @Test
  void bodyThatWasNeverCommittedIsNotTakenForTheNextOfItsNumber() throws Exception {
    byte[] log;
    try (StoreFixture fixture = new StoreFixture(data)) {
      MailboxId inbox = fixture.mailbox(ALICE, "INBOX");
      fixture.deposit(inbox, FIRST);
      fixture.deposit(inbox, text("never committed"));
      log = Files.readAllBytes(segment(1));
    }
    int body = find(segment(1), text("never committed"));
    FileTree.delete(data.resolve("h2"));
    Files.write(segment(1), Arrays.copyOf(log, body + text("never committed").length));

    try (StoreFixture fixture = new StoreFixture(data)) {
      MailboxId inbox = fixture.mailbox(ALICE, "INBOX");
      assertThat(fixture.messages(inbox)).hasSize(1);
      fixture.deposit(inbox, SECOND);
      assertThat(fixture.messages(inbox).getLast().body().value()).isEqualTo(2);
    }
    assertThat(segment(2)).exists();
    assertThat(verify()).as("another body has its number").isEmpty();
    flip(segment(1), body);
    assertThat(verify())
        .extracting(Finding::line)
        .as("none that anybody has is damaged")
        .noneMatch(line -> line.contains("INBOX"));
  }

  @Test
  void repairLosesOnlyTheDamagedBatch() throws Exception {
    byte[] third = noise(3, 500);
    try (StoreFixture fixture = new StoreFixture(data)) {
      MailboxId inbox = fixture.mailbox(ALICE, "INBOX");
      fixture.deposit(inbox, FIRST);
      fixture.deposit(inbox, SECOND);
      fixture.deposit(inbox, third);
    }
    int batch = find(segment(1), SECOND) + SECOND.length;
    flip(segment(1), batch + RECORD_HEADER_OCTETS + 3);

    assertThat(repair())
        .extracting(Finding::line)
        .anyMatch(line -> line.startsWith("log/00000001.seg at " + batch + ": lost is record 5;"));

    try (StoreFixture fixture = new StoreFixture(data)) {
      MailboxId inbox = fixture.mailbox(ALICE, "INBOX");
      List<Message> messages = fixture.messages(inbox);
      assertThat(messages).extracting(message -> message.uid().value()).containsExactly(1L, 3L);
      assertThat(fixture.read(messages.getLast().body())).isEqualTo(third);
      assertThat(fixture.deposit(inbox, text("next")).uid().value()).isEqualTo(4);
    }
    assertThat(verify()).isEmpty();
    assertThat(data.resolve("damaged")).isNotEmptyDirectory();
  }

  @Test
  void everyPlaceThatCanBeDamagedCanBeRepaired() throws Exception {
    fill();
    byte[] log = Files.readAllBytes(segment(2));
    for (int offset = 0; offset < log.length; offset += 211) {
      flip(segment(2), offset);
      repair();
      try (StoreFixture fixture = new StoreFixture(data)) {
        MailboxId archive = fixture.mailbox(ALICE, "Archive");
        for (Message message : fixture.messages(archive)) {
          assertThat(fixture.read(message.body())).isEqualTo(FIRST);
        }
      }
      Files.write(segment(2), log);
    }
  }

  @Test
  void repairKeepsADamagedBodyOutOfSightAndTheMessageListed() throws Exception {
    fill();
    flip(segment(1), find(segment(1), SECOND) + 100);
    assertThat(repair())
        .extracting(Finding::line)
        .anyMatch(line -> line.contains("UID 2 of INBOX of alice@example.test"));
    try (StoreFixture fixture = new StoreFixture(data)) {
      Message message = fixture.messages(fixture.mailbox(ALICE, "INBOX")).getFirst();
      assertThatIOException().isThrownBy(() -> fixture.read(message.body()));
    }
  }

  @Test
  void bodyWhoseHeaderAloneWasDamagedIsReadAfterARepair() throws Exception {
    fill();
    flip(segment(1), find(segment(1), SECOND) - HEADER_OCTETS + 10);
    assertThat(verify()).isNotEmpty();
    assertThat(repair()).hasSize(1).first().extracting(Finding::what).asString().contains("lost");
    assertThat(verify()).isEmpty();
    try (StoreFixture fixture = new StoreFixture(data)) {
      Message message = fixture.messages(fixture.mailbox(ALICE, "INBOX")).getFirst();
      assertThat(fixture.read(message.body())).isEqualTo(SECOND);
    }
  }

  @Test
  void bodyThatRepairGaveUpIsNamedWithTheMessageUntilThatIsGone() throws Exception {
    fill();
    int body = find(segment(1), SECOND);
    flip(segment(1), body - HEADER_OCTETS + 10);
    flip(segment(1), body + 100);
    assertThat(repair()).hasSize(2);
    assertThat(verify())
        .singleElement()
        .extracting(Finding::line)
        .asString()
        .contains("UID 2 of INBOX of alice@example.test", "restore the message from a backup");
    assertThat(repair()).as("nothing more can be done").isEqualTo(verify());
    try (StoreFixture fixture = new StoreFixture(data, forgetting())) {
      MailboxId inbox = fixture.mailbox(ALICE, "INBOX");
      fixture
          .store
          .messages()
          .changeFlags(inbox, UidSet.of(2), new FlagChange.Add(Flags.of(SystemFlag.DELETED)), null);
      fixture.store.messages().expunge(inbox, UidSet.of(2));
      var _ = fixture.store.maintenance().collect(Progress.NONE);
    }
    assertThat(verify()).isEmpty();
  }

  private static StoreSettings forgetting() {
    return small().withUndelete(Duration.ofMillis(-1));
  }

  @Test
  void repairOfAMissingSegmentKeepsTheOthers() throws Exception {
    fill();
    try (StoreFixture fixture = new StoreFixture(data, small())) {
      MailboxId inbox = fixture.mailbox(ALICE, "INBOX");
      fixture.deposit(inbox, FIRST);
      fixture.deposit(inbox, SECOND);
      fixture.deposit(inbox, text("last"));
    }
    assertThat(segment(4)).exists();
    Files.delete(segment(2));
    assertThat(repair())
        .extracting(Finding::line)
        .anyMatch(line -> line.startsWith("log/00000002.seg: was missing and is lost"));
    try (StoreFixture fixture = new StoreFixture(data)) {
      List<Message> messages = fixture.messages(fixture.mailbox(ALICE, "INBOX"));
      assertThat(fixture.read(messages.getLast().body())).isEqualTo(text("last"));
    }
  }

  @Test
  void repairSaysWhatWasLostAtTheEndOfTheLog() throws Exception {
    fill();
    long size = Files.size(segment(2));
    flip(segment(2), size - 3);
    assertThat(repair())
        .extracting(Finding::line)
        .anyMatch(line -> line.startsWith("log: the tables had records up to"));
  }

  @Test
  void repairDoesNotTouchAStoreThatIsInUse() throws Exception {
    fill();
    try (StoreFixture fixture = new StoreFixture(data)) {
      assertThat(fixture.store.queue().size()).isEqualTo(1);
      assertThatExceptionOfType(StoreException.class)
          .isThrownBy(this::repair)
          .withMessageContaining("in use");
    }
  }
}
