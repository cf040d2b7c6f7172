package dev.postrider.storage;

import static dev.postrider.storage.StoreFixture.ALICE;
import static dev.postrider.storage.StoreFixture.CLOCK;
import static dev.postrider.storage.StoreFixture.text;
import static org.assertj.core.api.Assertions.assertThat;

import dev.postrider.storage.audit.Finding;
import dev.postrider.storage.log.LogFile;
import dev.postrider.storage.log.LogFiles;
import dev.postrider.storage.mailboxes.Mailbox;
import dev.postrider.storage.mailboxes.MailboxId;
import dev.postrider.storage.mailboxes.Recoverable;
import dev.postrider.storage.messages.FlagChange;
import dev.postrider.storage.messages.Flags;
import dev.postrider.storage.messages.ForgedShelf;
import dev.postrider.storage.messages.Message;
import dev.postrider.storage.messages.SystemFlag;
import dev.postrider.storage.messages.UidSet;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.SortedSet;
import java.util.UUID;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.stream.LongStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Indexes of large mailboxes in files: used when they are right, and never when they are not. */
class ShelvesTest {

  private static final int LARGE = 10;
  private static final int MESSAGES = 12;

  /** What no message has: who sees it sees what is in a file, not what is in the tables. */
  private static final Flags FORGED = Flags.of(Set.of(), Set.of("forged"));

  private static final FlagChange SEEN = new FlagChange.Add(Flags.of(SystemFlag.SEEN));

  @TempDir Path temporary;
  private Path data;

  @BeforeEach
  void name() {
    data = temporary.resolve("data");
  }

  private static StoreSettings settings() {
    return StoreFixture.settings().withShelfMessages(LARGE).withUndelete(Duration.ofDays(365));
  }

  private static StoreSettings without() {
    return settings().withShelfMessages(Integer.MAX_VALUE);
  }

  private StoreFixture open() throws StoreException {
    return new StoreFixture(data, settings());
  }

  /** INBOX, in a file. */
  private Path fill() throws Exception {
    try (StoreFixture fixture = open()) {
      return fill(fixture);
    }
  }

  private Path fill(StoreFixture fixture) throws Exception {
    MailboxId inbox = inbox(fixture);
    for (int i = 1; i <= MESSAGES; i++) {
      fixture.deposit(inbox, text("message " + i));
    }
    fixture.messages(inbox);
    return file(inbox);
  }

  private Path file(MailboxId mailbox) {
    return data.resolve("index").resolve(mailbox.value() + ".index");
  }

  private static MailboxId inbox(StoreFixture fixture) throws StoreException {
    return fixture.mailbox(ALICE, "INBOX");
  }

  private interface Work {
    void on(StoreFixture fixture, MailboxId inbox) throws Exception;
  }

  /** Does {@code work} as if the process were killed after it: the file stays as it was before. */
  private void workAndLose(Path file, Work work) throws Exception {
    byte[] before = Files.readAllBytes(file);
    try (StoreFixture fixture = open()) {
      work.on(fixture, inbox(fixture));
    }
    Files.write(file, before);
  }

  private List<Message> fromTables() throws Exception {
    try (StoreFixture fixture = new StoreFixture(data, without())) {
      Files.deleteIfExists(file(inbox(fixture)));
      return fixture.messages(inbox(fixture));
    }
  }

  /** As the file and the tables say, and then as the tables alone do. */
  private List<Message> reopened() throws Exception {
    List<Message> messages;
    try (StoreFixture fixture = open()) {
      messages = fixture.messages(inbox(fixture));
      assertThat(fixture.store.maintenance().verify(Progress.NONE)).isEmpty();
    }
    assertThat(messages).isEqualTo(fromTables());
    return messages;
  }

  private List<Message> seen() throws Exception {
    try (StoreFixture fixture = open()) {
      return fixture.messages(inbox(fixture));
    }
  }

  private static UidSet uids(long from, long to) {
    return UidSet.of(LongStream.rangeClosed(from, to).toArray());
  }

  private static void awaitUntil(Condition condition) throws Exception {
    for (int i = 0; !condition.holds(); i++) {
      assertThat(i).as("not within a minute").isLessThan(6000);
      assertThat(new CountDownLatch(1).await(10, TimeUnit.MILLISECONDS)).isFalse();
    }
  }

  private interface Condition {
    boolean holds() throws Exception;
  }

  @Test
  void restartUsesTheFile() throws Exception {
    Path file = fill();
    ForgedShelf.write(file, FORGED, 0);
    assertThat(seen()).hasSize(MESSAGES).allMatch(m -> m.flags().has("forged"));
  }

  @Test
  void restartGivesTheSameWithTheFile() throws Exception {
    fill();
    assertThat(reopened()).hasSize(MESSAGES);
  }

  @Test
  void smallMailboxHasNoFile() throws Exception {
    try (StoreFixture fixture = open()) {
      MailboxId inbox = inbox(fixture);
      for (int i = 1; i < LARGE; i++) {
        fixture.deposit(inbox, text("message " + i));
      }
      fixture.messages(inbox);
    }
    try (Stream<Path> files = Files.list(data.resolve("index"))) {
      assertThat(files).isEmpty();
    }
  }

  @Test
  void mailThatCameAfterTheFileIsThere() throws Exception {
    Path file = fill();
    ForgedShelf.write(file, FORGED, 0);
    workAndLose(
        file,
        (fixture, inbox) -> {
          fixture.deposit(inbox, text("later"));
          fixture.deposit(inbox, text("and later"), SystemFlag.FLAGGED);
        });
    List<Message> messages = seen();
    assertThat(messages).hasSize(MESSAGES + 2);
    assertThat(messages.subList(0, MESSAGES))
        .as("the file was used")
        .allMatch(m -> m.flags().has("forged"));
    assertThat(messages.getLast().flags()).isEqualTo(Flags.of(SystemFlag.FLAGGED));
  }

  @Test
  void everythingThatHappenedAfterTheFileIsThere() throws Exception {
    Path file = fill();
    workAndLose(
        file,
        (fixture, inbox) -> {
          Changing messages = new Changing(fixture, inbox);
          messages.flag(2, 5);
          fixture.deposit(inbox, text("later"));
          fixture.deposit(inbox, text("gone soon"));
          messages.expunge(3, 3);
          messages.expunge(MESSAGES + 2, MESSAGES + 2);
          messages.flag(MESSAGES + 1, MESSAGES + 1);
          fixture.store.messages().copy(inbox, uids(1, 2), inbox);
          fixture.store.messages().move(inbox, UidSet.of(6), fixture.mailbox(ALICE, "Archive"));
        });
    List<Message> messages = reopened();
    assertThat(messages).hasSize(MESSAGES + 1);
    assertThat(messages.get(1).flags()).isEqualTo(Flags.of(SystemFlag.SEEN));
  }

  /** Short ways to change messages. */
  private record Changing(StoreFixture fixture, MailboxId inbox) {
    void flag(long from, long to) throws StoreException {
      fixture.store.messages().changeFlags(inbox, uids(from, to), SEEN, null);
    }

    void expunge(long from, long to) throws StoreException {
      FlagChange deleted = new FlagChange.Add(Flags.of(SystemFlag.DELETED));
      fixture.store.messages().changeFlags(inbox, uids(from, to), deleted, null);
      fixture.store.messages().expunge(inbox, uids(from, to));
    }
  }

  /** As many MODSEQs as UIDs were given, but not to mail that came alone. */
  @Test
  void flagsOfOldMailAreNotMissedBesideNewMailThatIsGone() throws Exception {
    Path file = fill();
    workAndLose(
        file,
        (fixture, inbox) -> {
          fixture.deposit(inbox, text("later"));
          new Changing(fixture, inbox).flag(1, MESSAGES + 1);
          fixture.deposit(inbox, text("and later"));
        });
    assertThat(reopened().getFirst().flags()).isEqualTo(Flags.of(SystemFlag.SEEN));
  }

  @Test
  void expungeOfAllAfterTheFileIsNotMissed() throws Exception {
    Path file = fill();
    workAndLose(file, (fixture, inbox) -> new Changing(fixture, inbox).expunge(1, MESSAGES));
    assertThat(reopened()).isEmpty();
  }

  @Test
  void expungeIsNotMissedWhenTheMessagesCannotBeBroughtBackAnyMore() throws Exception {
    Path file = fill();
    workAndLose(file, (fixture, inbox) -> new Changing(fixture, inbox).expunge(1, MESSAGES / 2));
    StoreSettings forgetting =
        settings()
            .withShelfMessages(Integer.MAX_VALUE)
            .withUndelete(Duration.ofDays(-1))
            .withUpkeepInterval(Duration.ofMillis(5));
    byte[] before = Files.readAllBytes(file);
    try (StoreFixture fixture = new StoreFixture(data, forgetting)) {
      awaitUntil(
          () ->
              fixture
                  .store
                  .recoverable()
                  .find(
                      new Recoverable.Wanted(
                          fixture.account(ALICE).id(), Optional.empty(), Instant.EPOCH))
                  .isEmpty());
    }
    Files.write(file, before);
    assertThat(reopened()).hasSize(MESSAGES / 2);
  }

  @Test
  void flagsOfAllAfterTheFileAreNotMissed() throws Exception {
    Path file = fill();
    workAndLose(file, (fixture, inbox) -> new Changing(fixture, inbox).flag(1, MESSAGES));
    assertThat(reopened()).allMatch(m -> m.flags().has(SystemFlag.SEEN));
  }

  @Test
  void whatIsRecentIsNotOfTheFile() throws Exception {
    Path file = fill();
    workAndLose(
        file,
        (fixture, inbox) -> {
          try (var index = fixture.store.messages().open(inbox)) {
            index.takeRecent();
          }
        });
    try (StoreFixture fixture = open();
        var index = fixture.store.messages().open(inbox(fixture))) {
      assertThat(index.firstRecent().value()).isEqualTo(MESSAGES + 1);
    }
  }

  @Test
  void damagedFileIsThrownAway() throws Exception {
    Path file = fill();
    byte[] bytes = Files.readAllBytes(file);
    bytes[bytes.length / 2] ^= 4;
    Files.write(file, bytes);
    try (StoreFixture fixture = new StoreFixture(data, without())) {
      assertThat(fixture.messages(inbox(fixture))).hasSize(MESSAGES);
      assertThat(file).doesNotExist();
    }
  }

  @Test
  void fileThatIsAheadOfTheTablesIsThrownAway() throws Exception {
    Path file = fill();
    ForgedShelf.write(file, FORGED, 1);
    assertThat(seen()).hasSize(MESSAGES).noneMatch(m -> m.flags().has("forged"));
    assertThat(ForgedShelf.modSeqOf(file)).as("written again").isEqualTo(MESSAGES + 1);
  }

  @Test
  void fileOfAnotherStoreIsThrownAway() throws Exception {
    Path file = fill();
    ForgedShelf.write(file, FORGED, 0);
    ForgedShelf.write(file, UUID.randomUUID(), 0);
    assertThat(seen()).hasSize(MESSAGES).noneMatch(m -> m.flags().has("forged"));
  }

  @Test
  void fileOfAnotherUidValidityIsThrownAway() throws Exception {
    Path file = fill();
    ForgedShelf.write(file, FORGED, 0);
    ForgedShelf.write(file, ForgedShelf.storeOf(file), 1);
    assertThat(seen()).hasSize(MESSAGES).noneMatch(m -> m.flags().has("forged"));
  }

  @Test
  void fileThatLacksAMessageWhoseFlagsChangedIsThrownAway() throws Exception {
    Path file = fill();
    long modSeq = ForgedShelf.modSeqOf(file);
    workAndLose(file, (fixture, inbox) -> new Changing(fixture, inbox).flag(4, 4));
    ForgedShelf.writeWithout(file, 4, modSeq);
    assertThat(reopened()).hasSize(MESSAGES);
  }

  @Test
  void deletedMailboxTakesItsFileAlong() throws Exception {
    try (StoreFixture fixture = open()) {
      Mailbox lists = fixture.store.mailboxes().create(fixture.account(ALICE).id(), "Lists", null);
      for (int i = 1; i <= MESSAGES; i++) {
        fixture.deposit(lists.id(), text("message " + i));
      }
      fixture.messages(lists.id());
      Files.write(file(lists.id()), new byte[3]);
      fixture.store.mailboxes().delete(lists.id());
      awaitUntil(() -> !Files.exists(file(lists.id())));
    }
  }

  @Test
  void upkeepRemovesWhatIsLeftAndWritesWhatChangedMuch() throws Exception {
    Path file = fill();
    Path gone = data.resolve("index/4711.index");
    Files.copy(file, gone);
    Path unfinished = data.resolve("index/1.new");
    Files.write(unfinished, new byte[10]);
    StoreSettings busy = settings().withUpkeepInterval(Duration.ofMillis(5));
    try (StoreFixture fixture = new StoreFixture(data, busy)) {
      awaitUntil(() -> !Files.exists(gone) && !Files.exists(unfinished));
      assertThat(file).as("of a mailbox that is there").exists();
      fixture.messages(inbox(fixture));
      long before = ForgedShelf.modSeqOf(file);
      new Changing(fixture, inbox(fixture)).flag(1, MESSAGES);
      awaitUntil(() -> ForgedShelf.modSeqOf(file) == before + 1);
    }
  }

  @Test
  void mailboxThatIsSmallAgainHasNoFile() throws Exception {
    Path file = fill();
    try (StoreFixture fixture = open()) {
      new Changing(fixture, inbox(fixture)).expunge(1, MESSAGES - 1);
    }
    assertThat(file).doesNotExist();
    assertThat(reopened()).hasSize(1);
  }

  @Test
  void fullDiskCostsTheFileAlone() throws Exception {
    Path file = fill();
    Files.delete(file);
    StoreSettings full =
        settings().withReserveOctets(1000).withDisk(files -> new Nearly(files, 1000));
    try (StoreFixture fixture = new StoreFixture(data, full)) {
      assertThat(fixture.messages(inbox(fixture))).hasSize(MESSAGES);
    }
    assertThat(file).doesNotExist();
  }

  @Test
  void directoryThatCannotBeUsedCostsTheFilesAlone() throws Exception {
    Path file = fill();
    Files.delete(file);
    Files.delete(data.resolve("index"));
    Files.writeString(data.resolve("index"), "no directory");
    try (StoreFixture fixture = open()) {
      assertThat(fixture.messages(inbox(fixture))).hasSize(MESSAGES);
      new Changing(fixture, inbox(fixture)).flag(1, 3);
      assertThat(fixture.store.maintenance().verify(Progress.NONE)).isEmpty();
    }
  }

  @Test
  void directoryThatIsGoneMeanwhileCostsTheFilesAlone() throws Exception {
    try (StoreFixture fixture =
        new StoreFixture(data, settings().withUpkeepInterval(Duration.ofMillis(5)))) {
      Files.delete(data.resolve("index"));
      fill(fixture);
      new Changing(fixture, inbox(fixture)).flag(1, 3);
    }
    assertThat(reopened()).hasSize(MESSAGES);
  }

  @Test
  void tablesThatAreMadeAgainBeginWithoutFiles() throws Exception {
    Path file = fill();
    ForgedShelf.write(file, FORGED, 0);
    Files.write(data.resolve("h2/projection.mv.db"), new byte[5000]);
    assertThat(seen()).hasSize(MESSAGES).noneMatch(m -> m.flags().has("forged"));
  }

  @Test
  void tablesThatAreMissingBeginWithoutFiles() throws Exception {
    Path file = fill();
    ForgedShelf.write(file, FORGED, 0);
    Files.delete(data.resolve("h2/projection.mv.db"));
    assertThat(seen()).hasSize(MESSAGES).noneMatch(m -> m.flags().has("forged"));
  }

  @Test
  void repairBeginsWithoutFiles() throws Exception {
    Path file = fill();
    ForgedShelf.write(file, FORGED, 0);
    assertThat(ClosedStore.at(data).repair(CLOCK, Progress.NONE)).isEmpty();
    assertThat(seen()).hasSize(MESSAGES).noneMatch(m -> m.flags().has("forged"));
  }

  @Test
  void verifyFindsWhatIsNotAsTheTablesSay() throws Exception {
    Path file = fill();
    ForgedShelf.write(file, FORGED, 0);
    try (ClosedStore store = ClosedStore.at(data)) {
      assertThat(store.verify(Progress.NONE))
          .singleElement()
          .extracting(Finding::line)
          .isEqualTo(
              "index/"
                  + file.getFileName()
                  + ": it is not what the tables say from UID 1 of mailbox "
                  + file.getFileName().toString().replace(".index", "")
                  + " on; delete it; nothing is lost with it");
    }
    try (StoreFixture fixture = open()) {
      assertThat(fixture.store.maintenance().verify(Progress.NONE)).hasSize(1);
    }
  }

  @Test
  void verifyDoesNotMindAFileThatNoReaderBelieves() throws Exception {
    Path file = fill();
    byte[] bytes = Files.readAllBytes(file);
    bytes[bytes.length - 1] ^= 1;
    Files.write(file, bytes);
    try (ClosedStore store = ClosedStore.at(data)) {
      assertThat(store.verify(Progress.NONE)).isEmpty();
    }
  }

  @Test
  void verifyDoesNotMindAnOlderFile() throws Exception {
    Path file = fill();
    workAndLose(file, (fixture, inbox) -> new Changing(fixture, inbox).flag(1, 5));
    try (ClosedStore store = ClosedStore.at(data)) {
      assertThat(store.verify(Progress.NONE)).isEmpty();
    }
  }

  /** A disk with so many octets left. */
  private record Nearly(LogFiles disk, long usableOctets) implements LogFiles {
    @Override
    public SortedSet<Integer> list() throws IOException {
      return disk.list();
    }

    @Override
    public LogFile create(int segment) throws IOException {
      return disk.create(segment);
    }

    @Override
    public LogFile openForReading(int segment) throws IOException {
      return disk.openForReading(segment);
    }

    @Override
    public LogFile openForRepair(int segment) throws IOException {
      return disk.openForRepair(segment);
    }

    @Override
    public void delete(int segment) throws IOException {
      disk.delete(segment);
    }

    @Override
    public void forceDirectory() throws IOException {
      disk.forceDirectory();
    }
  }
}
