package dev.postrider.storage;

import static dev.postrider.storage.StoreFixture.ALICE;
import static dev.postrider.storage.StoreFixture.noise;
import static dev.postrider.storage.StoreFixture.text;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.postrider.storage.audit.Finding;
import dev.postrider.storage.backup.Backup;
import dev.postrider.storage.mailboxes.MailboxId;
import dev.postrider.storage.messages.FlagChange;
import dev.postrider.storage.messages.Flags;
import dev.postrider.storage.messages.Message;
import dev.postrider.storage.messages.SystemFlag;
import dev.postrider.storage.messages.UidSet;
import dev.postrider.testkit.files.FileTree;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class BackupTest {

  private static final StoreSettings SETTINGS =
      StoreFixture.settings()
          .withSegmentOctets(50_000)
          .withUndelete(Duration.ofMillis(-1))
          .withUpkeepInterval(Duration.ofDays(1))
          .withCheckpointInterval(Duration.ofMillis(20))
          .withCollectRate(0);

  @TempDir Path temporary;
  private Path data;
  private Path copies;
  private Path restored;
  private final AtomicReference<Instant> now = new AtomicReference<>(StoreFixture.NOW);
  private final InstantSource clock = now::get;

  @BeforeEach
  void name() {
    data = temporary.resolve("data");
    copies = temporary.resolve("backup");
    restored = temporary.resolve("restored");
  }

  private StoreFixture open(Path directory) throws StoreException {
    return new StoreFixture(LocalStore.open(directory, clock, SETTINGS));
  }

  private Backup.Written backup(StoreFixture fixture) throws StoreException {
    return fixture.store.maintenance().backup(copies, Progress.NONE);
  }

  private ClosedStore.Restored restore(Optional<Instant> until) throws StoreException {
    return ClosedStore.restore(copies, restored, until, clock, Progress.NONE);
  }

  private static void deposit(StoreFixture fixture, int from, int to) throws Exception {
    for (int i = from; i <= to; i++) {
      fixture.deposit(fixture.mailbox(ALICE, "INBOX"), noise(i, 5000));
    }
  }

  private static void expungeEven(StoreFixture fixture, int to) throws Exception {
    long[] even = new long[to / 2];
    for (int i = 0; i < even.length; i++) {
      even[i] = 2L * i + 2;
    }
    MailboxId inbox = fixture.mailbox(ALICE, "INBOX");
    FlagChange mark = new FlagChange.Add(Flags.of(SystemFlag.DELETED));
    fixture.store.messages().changeFlags(inbox, UidSet.of(even), mark, null);
    fixture.store.messages().expunge(inbox, UidSet.of(even));
  }

  private List<Long> uids(Path directory) throws Exception {
    try (StoreFixture fixture = open(directory)) {
      List<Long> uids = new ArrayList<>();
      for (Message message : fixture.messages(fixture.mailbox(ALICE, "INBOX"))) {
        long uid = message.uid().value();
        assertThat(fixture.read(message.body())).isEqualTo(noise(uid, 5000));
        uids.add(uid);
      }
      return uids;
    }
  }

  /** What the tables hold, as the changes of a snapshot. */
  private static List<String> contents(StoreFixture fixture) throws Exception {
    List<String> contents = new ArrayList<>();
    fixture
        .local()
        .localMaintenance()
        .snapshot()
        .read(changes -> changes.forEach(change -> contents.add(change.toString())));
    return contents;
  }

  @Test
  void firstBackupThatWasBrokenOffIsGoneOnWith() throws Exception {
    try (StoreFixture fixture = open(data)) {
      deposit(fixture, 1, 3);
      Files.createDirectories(copies.resolve("log"));
      Files.createDirectories(copies.resolve("snapshot"));
      Files.writeString(copies.resolve("postrider-backup.new"), "postrider-back");
      var _ = backup(fixture);
    }
    assertThat(new Backup(copies).verify(Progress.NONE)).isEmpty();
  }

  @Test
  void whatALaterBackupLeftWhenItWasBrokenOffIsNotLookedAt() throws Exception {
    try (StoreFixture fixture = open(data)) {
      deposit(fixture, 1, 3);
      var _ = backup(fixture);
      byte[] manifest = Files.readAllBytes(copies.resolve("postrider-backup"));
      deposit(fixture, 4, 40);
      var _ = backup(fixture);
      Files.write(copies.resolve("postrider-backup"), manifest);
      Files.delete(copies.resolve("log").resolve("00000002.seg"));
      assertThat(new Backup(copies).verify(Progress.NONE)).isEmpty();
      var _ = backup(fixture);
    }
    assertThat(new Backup(copies).verify(Progress.NONE)).isEmpty();
  }

  /** Until the manifest is written anew, the one that is there names what was there. */
  @Test
  void snapshotOfTheSamePositionIsLeftAsItIs() throws Exception {
    try (StoreFixture fixture = open(data)) {
      deposit(fixture, 1, 3);
      var _ = backup(fixture);
      byte[] manifest = Files.readAllBytes(copies.resolve("postrider-backup"));
      now.updateAndGet(moment -> moment.plusSeconds(3600));
      var _ = backup(fixture);
      assertThat(copies.resolve("postrider-backup")).hasBinaryContent(manifest);
      assertThat(new Backup(copies).verify(Progress.NONE)).isEmpty();
    }
  }

  @Test
  void whatIsRestoredIsWhatWasThere() throws Exception {
    List<String> contents;
    try (StoreFixture fixture = open(data)) {
      deposit(fixture, 1, 30);
      expungeEven(fixture, 10);
      fixture.store.mailboxes().create(fixture.account(ALICE).id(), "work/old", null);
      backup(fixture);
      contents = contents(fixture);
    }
    assertThat(new Backup(copies).verify(Progress.NONE)).isEmpty();

    assertThat(restore(Optional.empty()).findings()).isEmpty();

    try (StoreFixture fixture = open(restored)) {
      assertThat(contents(fixture)).isEqualTo(contents);
    }
    assertThat(uids(restored)).hasSize(25).isEqualTo(uids(data));
  }

  @Test
  void onlyWhatIsNewIsCopied() throws Exception {
    try (StoreFixture fixture = open(data)) {
      deposit(fixture, 1, 60);
      long first = backup(fixture).octets();
      deposit(fixture, 61, 65);
      long second = backup(fixture).octets();
      assertThat(first).isGreaterThan(300_000);
      assertThat(second).isLessThan(100_000);
      assertThat(backup(fixture).octets()).isZero();
    }
    restore(Optional.empty());
    assertThat(uids(restored)).hasSize(65);
  }

  @Test
  void everyMomentBetweenTwoBackupsCanBeRestored() throws Exception {
    List<Instant> moments = new ArrayList<>();
    try (StoreFixture fixture = open(data)) {
      for (int i = 1; i <= 30; i++) {
        now.set(StoreFixture.NOW.plusSeconds(i));
        deposit(fixture, i, i);
        moments.add(now.get());
        if (i % 10 == 0) {
          backup(fixture);
        }
      }
    }
    for (int i : new int[] {1, 9, 10, 11, 19, 25, 30}) {
      Instant until = moments.get(i - 1).plusMillis(500);
      assertThat(restore(Optional.of(until)).findings()).isEmpty();
      assertThat(uids(restored)).as("until %s", until).hasSize(i);
      FileTree.delete(restored);
    }
    assertThatExceptionOfType(StoreException.class)
        .isThrownBy(() -> restore(Optional.of(StoreFixture.NOW.minusSeconds(1))))
        .matches(e -> e.kind() == StoreException.Kind.REFUSED);
  }

  @Test
  void whatWasCollectedSinceIsStillInTheBackup() throws Exception {
    try (StoreFixture fixture = open(data)) {
      deposit(fixture, 1, 60);
      backup(fixture);
      now.set(StoreFixture.NOW.plusSeconds(60));
      expungeEven(fixture, 60);
      assertThat(fixture.store.maintenance().collect(Progress.NONE).segments()).isPositive();
      now.set(StoreFixture.NOW.plusSeconds(120));
      backup(fixture);
    }
    assertThat(new Backup(copies).verify(Progress.NONE)).isEmpty();
    assertThat(restore(Optional.of(StoreFixture.NOW.plusSeconds(30))).findings()).isEmpty();
    assertThat(uids(restored)).hasSize(60);
    FileTree.delete(restored);
    assertThat(restore(Optional.empty()).findings()).isEmpty();
    assertThat(uids(restored)).hasSize(30);
  }

  @Test
  void segmentThatWasCollectedBeforeAllOfItWasCopiedIsLeftOut() throws Exception {
    try (StoreFixture fixture = open(data)) {
      deposit(fixture, 1, 4);
      assertThat(backup(fixture).end().segment()).isEqualTo(1);
      deposit(fixture, 5, 40);
      expungeEven(fixture, 8);
      assertThat(fixture.store.maintenance().collect(Progress.NONE).segments()).isPositive();
      assertThat(data.resolve("log").resolve("00000001.seg")).doesNotExist();
      var _ = backup(fixture);
    }
    assertThat(copies.resolve("log").resolve("00000001.seg")).exists();
    assertThat(restore(Optional.empty()).findings()).isEmpty();
    assertThat(uids(restored)).hasSize(36);
  }

  @Test
  void backupUnderLoadHasAllThatWasAcknowledgedBefore() throws Exception {
    ConcurrentMap<Long, Long> acknowledged = new ConcurrentHashMap<>();
    AtomicBoolean stop = new AtomicBoolean();
    List<Long> before;
    try (StoreFixture fixture = open(data)) {
      MailboxId inbox = fixture.mailbox(ALICE, "INBOX");
      Thread writer =
          Thread.ofPlatform()
              .start(
                  () -> {
                    try {
                      for (long i = 1; !stop.get(); i++) {
                        acknowledged.put(i, fixture.deposit(inbox, noise(i, 5000)).uid().value());
                      }
                    } catch (StoreException e) {
                      throw new IllegalStateException(e);
                    }
                  });
      while (acknowledged.size() < 50) {
        Thread.onSpinWait();
      }
      try {
        backup(fixture);
        before = List.copyOf(acknowledged.values());
        backup(fixture);
      } finally {
        stop.set(true);
        writer.join();
      }
    }
    assertThat(restore(Optional.empty()).findings()).isEmpty();
    assertThat(uids(restored)).containsAll(before);
  }

  @Test
  void damageInABackupIsFoundAndNotRestored() throws Exception {
    try (StoreFixture fixture = open(data)) {
      deposit(fixture, 1, 20);
      backup(fixture);
    }
    Path segment = copies.resolve("log").resolve("00000001.seg");
    byte[] bytes = Files.readAllBytes(segment);
    bytes[20_000] ^= 1;
    Files.write(segment, bytes);
    assertThat(new Backup(copies).verify(Progress.NONE))
        .extracting(Finding::file)
        .containsExactly("log/00000001.seg");
    assertThatExceptionOfType(StoreException.class)
        .isThrownBy(() -> restore(Optional.empty()))
        .matches(e -> e.kind() == StoreException.Kind.CORRUPT);
    assertThat(restored.resolve("postrider-store")).doesNotExist();
  }

  @Test
  void backupThatWasBrokenOffIsStillTheOneBefore() throws Exception {
    try (StoreFixture fixture = open(data)) {
      deposit(fixture, 1, 12);
      backup(fixture);
      byte[] manifest = Files.readAllBytes(copies.resolve("postrider-backup"));
      deposit(fixture, 13, 40);
      backup(fixture);
      Files.write(copies.resolve("postrider-backup"), manifest);
    }
    assertThat(new Backup(copies).verify(Progress.NONE)).isEmpty();
    restore(Optional.empty());
    assertThat(uids(restored)).hasSize(12);
  }

  @Test
  void storeThatWentAnotherWayIsNotMixedIn() throws Exception {
    try (StoreFixture fixture = open(data)) {
      deposit(fixture, 1, 12);
      backup(fixture);
      now.set(StoreFixture.NOW.plusSeconds(10));
      deposit(fixture, 13, 20);
      backup(fixture);
    }
    restore(Optional.of(StoreFixture.NOW.plusSeconds(5)));
    try (StoreFixture fixture = open(restored)) {
      fixture.deposit(fixture.mailbox(ALICE, "INBOX"), text("another way"));
      deposit(fixture, 14, 40);
      assertThatExceptionOfType(StoreException.class)
          .isThrownBy(() -> backup(fixture))
          .withMessageContaining("went another way");
    }
    Path other = temporary.resolve("other");
    try (StoreFixture fixture = open(other)) {
      assertThatExceptionOfType(StoreException.class)
          .isThrownBy(() -> backup(fixture))
          .withMessageContaining("another store");
    }
  }

  @Test
  void onlyAnEmptyDirectoryIsFilled() throws Exception {
    try (StoreFixture fixture = open(data)) {
      deposit(fixture, 1, 2);
      assertThatExceptionOfType(StoreException.class)
          .isThrownBy(
              () -> fixture.store.maintenance().backup(data.resolve("backup"), Progress.NONE))
          .withMessageContaining("in the data directory");
      backup(fixture);
      assertThatExceptionOfType(StoreException.class)
          .isThrownBy(
              () -> ClosedStore.restore(copies, data, Optional.empty(), clock, Progress.NONE))
          .withMessageContaining("not empty");
    }
    Files.createDirectory(restored);
    Files.writeString(restored.resolve("letter.txt"), "x");
    try (StoreFixture fixture = open(data)) {
      assertThatExceptionOfType(StoreException.class)
          .isThrownBy(() -> fixture.store.maintenance().backup(restored, Progress.NONE))
          .withMessageContaining("no backup, and not empty");
    }
  }
}
