package dev.postrider.storage;

import static dev.postrider.storage.StoreFixture.ALICE;
import static dev.postrider.storage.StoreFixture.noise;
import static dev.postrider.storage.StoreFixture.text;
import static org.assertj.core.api.Assertions.assertThat;

import dev.postrider.storage.audit.Finding;
import dev.postrider.storage.mailboxes.Mailbox;
import dev.postrider.storage.mailboxes.MailboxId;
import dev.postrider.storage.mailboxes.Recoverable.Wanted;
import dev.postrider.storage.messages.FlagChange;
import dev.postrider.storage.messages.Flags;
import dev.postrider.storage.messages.Message;
import dev.postrider.storage.messages.MessageSource;
import dev.postrider.storage.messages.SystemFlag;
import dev.postrider.storage.messages.UidSet;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SnapshotTest {

  private static final StoreSettings SMALL =
      StoreFixture.settings().withSegmentOctets(4000).withUpkeepInterval(Duration.ofDays(1));

  @TempDir Path data;
  private Path snapshots;

  @BeforeEach
  void name() {
    snapshots = data.resolve("snapshot");
  }

  private List<Path> snapshots() throws IOException {
    try (Stream<Path> files = Files.list(snapshots)) {
      return files.sorted().toList();
    }
  }

  private Path segment(int number) {
    return data.resolve("log").resolve("0000000" + number + ".seg");
  }

  /** Some of everything that tables can hold. */
  private static void fill(StoreFixture fixture) throws Exception {
    MailboxId inbox = fixture.mailbox(ALICE, "INBOX");
    fixture.deposit(inbox, noise(1, 3000));
    fixture.deposit(inbox, noise(2, 3000));
    fixture.deposit(inbox, text("third"), SystemFlag.DELETED);
    fixture.deposit(inbox, noise(4, 2000));
    fixture.store.messages().expunge(inbox, UidSet.of(3));
    fixture.store.messages().move(inbox, UidSet.of(1), fixture.mailbox(ALICE, "Archive"));
    FlagChange flags = new FlagChange.Add(Flags.of(Set.of(SystemFlag.SEEN), Set.of("a", "b")));
    fixture.store.messages().changeFlags(inbox, UidSet.of(2), flags, null);
    try (var index = fixture.store.messages().open(inbox)) {
      index.takeRecent();
    }
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

  private void deleteTables() throws IOException {
    Files.delete(data.resolve("h2").resolve("projection.mv.db"));
  }

  private static void assertWhole(StoreFixture fixture) throws Exception {
    MailboxId inbox = fixture.mailbox(ALICE, "INBOX");
    List<Message> messages = fixture.messages(inbox);
    assertThat(messages).extracting(message -> message.uid().value()).contains(2L, 4L);
    assertThat(messages.getFirst().flags().keywords()).containsExactly("a", "b");
    assertThat(fixture.read(messages.getFirst().body())).isEqualTo(noise(2, 3000));
    assertThat(fixture.store.queue().size()).isEqualTo(1);
    Wanted all = new Wanted(fixture.account(ALICE).id(), Optional.empty(), Instant.EPOCH);
    assertThat(fixture.store.recoverable().find(all)).hasSize(2);
    assertThat(fixture.store.maintenance().verify(Progress.NONE)).isEmpty();
  }

  private static void snapshot(StoreFixture fixture) throws StoreException {
    fixture.local().localMaintenance().snapshot();
  }

  @Test
  void tablesAreMadeAgainFromSnapshotAndTheLogBehindIt() throws Exception {
    try (StoreFixture fixture = new StoreFixture(data, SMALL)) {
      fill(fixture);
      snapshot(fixture);
      fixture.deposit(fixture.mailbox(ALICE, "INBOX"), text("after the snapshot"));
    }
    assertThat(segment(2)).exists();
    Files.delete(segment(1));
    deleteTables();
    try (StoreFixture fixture = new StoreFixture(data, SMALL)) {
      MailboxId inbox = fixture.mailbox(ALICE, "INBOX");
      List<Message> messages = fixture.messages(inbox);
      assertThat(messages).extracting(m -> m.uid().value()).containsExactly(2L, 4L, 5L);
      assertThat(fixture.read(messages.getLast().body())).isEqualTo(text("after the snapshot"));
      assertThat(fixture.deposit(inbox, text("next")).uid().value()).isEqualTo(6);
      assertThat(fixture.store.queue().size()).isEqualTo(1);
    }
  }

  @Test
  void theRowsOfASnapshotAreThoseOfTheTables() throws Exception {
    try (StoreFixture fixture = new StoreFixture(data, SMALL)) {
      fill(fixture);
      snapshot(fixture);
    }
    deleteTables();
    try (StoreFixture fixture = new StoreFixture(data, SMALL)) {
      assertWhole(fixture);
    }
  }

  @Test
  void theOlderOneServesWhenTheNewerIsDamaged() throws Exception {
    try (StoreFixture fixture = new StoreFixture(data, SMALL)) {
      fill(fixture);
      snapshot(fixture);
      fixture.deposit(fixture.mailbox(ALICE, "INBOX"), text("between"));
      snapshot(fixture);
    }
    Path newer = snapshots().getLast();
    byte[] whole = Files.readAllBytes(newer);
    for (int damage : new int[] {5, 70, whole.length / 2, whole.length - 2}) {
      byte[] bytes = whole.clone();
      bytes[damage] ^= 4;
      Files.write(newer, bytes);
      deleteTables();
      try (StoreFixture fixture = new StoreFixture(data, SMALL)) {
        assertThat(fixture.messages(fixture.mailbox(ALICE, "INBOX"))).hasSize(3);
        assertThat(fixture.store.maintenance().verify(Progress.NONE))
            .extracting(Finding::file)
            .containsExactly("snapshot/" + newer.getFileName());
      }
    }
    Files.write(newer, Arrays.copyOf(whole, whole.length - 8));
    deleteTables();
    try (StoreFixture fixture = new StoreFixture(data, SMALL)) {
      assertThat(fixture.messages(fixture.mailbox(ALICE, "INBOX"))).hasSize(3);
    }
  }

  @Test
  void theTwoNewestAreKept() throws Exception {
    try (StoreFixture fixture = new StoreFixture(data, SMALL)) {
      for (int i = 0; i < 4; i++) {
        fixture.deposit(fixture.mailbox(ALICE, "INBOX"), text("m" + i));
        snapshot(fixture);
      }
    }
    assertThat(snapshots())
        .extracting(path -> path.getFileName().toString())
        .containsExactly("00000003.snap", "00000004.snap");
  }

  @Test
  void oneThatWasBeingWrittenIsNotSeen() throws Exception {
    try (StoreFixture fixture = new StoreFixture(data, SMALL)) {
      fill(fixture);
    }
    Files.write(snapshots.resolve("unfinished.new"), noise(1, 100));
    deleteTables();
    try (StoreFixture fixture = new StoreFixture(data, SMALL)) {
      assertWhole(fixture);
      snapshot(fixture);
    }
    assertThat(snapshots()).hasSize(1);
  }

  @Test
  void itIsTakenByItselfWhenTheLogHasGrown() throws Exception {
    StoreSettings often = SMALL.withUpkeepInterval(Duration.ofMillis(1)).withSnapshotOctets(10_000);
    try (StoreFixture fixture = new StoreFixture(data, often)) {
      MailboxId inbox = fixture.mailbox(ALICE, "INBOX");
      Instant until = Instant.now().plusSeconds(20);
      for (int i = 0; snapshots().size() < 2; i++) {
        fixture.deposit(inbox, noise(i, 1000));
        assertThat(Instant.now()).as("no snapshot").isBefore(until);
      }
    }
  }
}
