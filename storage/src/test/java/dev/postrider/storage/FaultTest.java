package dev.postrider.storage;

import static dev.postrider.storage.StoreFixture.ALICE;
import static dev.postrider.storage.StoreFixture.NOW;
import static dev.postrider.storage.StoreFixture.noise;
import static dev.postrider.storage.StoreFixture.text;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.postrider.storage.changes.ChangeFeed;
import dev.postrider.storage.log.LogFiles;
import dev.postrider.storage.mailboxes.MailboxId;
import dev.postrider.storage.messages.Flags;
import dev.postrider.storage.messages.MailboxIndex;
import dev.postrider.storage.messages.Message;
import dev.postrider.storage.messages.MessageSource;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class FaultTest {

  @TempDir Path directory;
  private @Nullable FaultyDisk made;

  private StoreSettings settings() {
    return StoreFixture.settings().withDisk(this::wrap);
  }

  private LogFiles wrap(LogFiles files) {
    made = new FaultyDisk(files);
    return made;
  }

  private FaultyDisk disk() {
    return Objects.requireNonNull(made);
  }

  private static void assertFails(StoreException.Kind kind, Call call) {
    assertThatExceptionOfType(StoreException.class)
        .isThrownBy(call::run)
        .matches(e -> e.kind() == kind, kind.toString());
  }

  private interface Call {
    void run() throws Exception;
  }

  @Test
  void fullDiskAtEveryOctetLosesNothingAndRecovers() throws Exception {
    List<byte[]> acknowledged = new ArrayList<>();
    try (StoreFixture fixture = new StoreFixture(directory, settings())) {
      MailboxId inbox = fixture.mailbox(ALICE, "INBOX");
      for (int room = 0; room < 500; room += 13) {
        byte[] bytes = noise(room, 150 + room);
        disk().room.set(room);
        try {
          fixture.deposit(inbox, bytes);
          acknowledged.add(bytes);
        } catch (StoreException e) {
          assertThat(e.kind()).isEqualTo(StoreException.Kind.NO_SPACE);
        }
        disk().room.set(Long.MAX_VALUE);
        byte[] after = noise(-room, 100);
        fixture.deposit(inbox, after);
        acknowledged.add(after);
      }
      assertContents(fixture, inbox, acknowledged);
    }
    try (StoreFixture fixture = new StoreFixture(directory, settings())) {
      assertContents(fixture, fixture.mailbox(ALICE, "INBOX"), acknowledged);
    }
  }

  @Test
  void everyAcknowledgementFollowsAForce() throws Exception {
    try (StoreFixture fixture = new StoreFixture(directory, settings())) {
      MailboxId inbox = fixture.mailbox(ALICE, "INBOX");
      for (int i = 0; i < 10; i++) {
        int before = disk().forced.get();
        fixture.deposit(inbox, text("x"));
        assertThat(disk().forced.get()).isGreaterThan(before);
      }
    }
  }

  @Test
  void nobodyHearsOfAMessageBeforeItIsOnTheDisk() throws Exception {
    try (StoreFixture fixture = new StoreFixture(directory, settings())) {
      MailboxId inbox = fixture.mailbox(ALICE, "INBOX");
      try (MailboxIndex index = fixture.store.messages().open(inbox);
          ChangeFeed.Subscription feed = fixture.store.changes().mailbox(inbox)) {
        disk().gate.acquireUninterruptibly();
        CompletableFuture<Void> deposit = new CompletableFuture<>();
        Thread.ofPlatform()
            .start(
                () -> {
                  try {
                    fixture.deposit(inbox, text("x"));
                    deposit.complete(null);
                  } catch (StoreException e) {
                    deposit.completeExceptionally(e);
                  }
                });
        while (!disk().gate.hasQueuedThreads()) {
          Thread.onSpinWait();
        }
        assertThat(feed.await(Duration.ofMillis(50))).isFalse();
        assertThat(index.snapshot().messages()).isEmpty();
        assertThat(fixture.store.mailboxes().status(inbox).messages()).isZero();
        assertThat(deposit).isNotDone();
        disk().gate.release();
        deposit.get(10, TimeUnit.SECONDS);
        assertThat(feed.await(Duration.ofSeconds(10))).isTrue();
        assertThat(index.snapshot().messages()).hasSize(1);
      }
    }
  }

  @Test
  void fullDiskInTheMiddleOfALargeMessage() throws Exception {
    try (StoreFixture fixture = new StoreFixture(directory, settings())) {
      MailboxId inbox = fixture.mailbox(ALICE, "INBOX");
      disk().room.set(1_000_000);
      assertFails(StoreException.Kind.NO_SPACE, () -> fixture.deposit(inbox, noise(1, 5_000_000)));
      disk().room.set(Long.MAX_VALUE);
      byte[] large = noise(2, 5_000_000);
      fixture.deposit(inbox, large);
      assertContents(fixture, inbox, List.of(large));
    }
    try (StoreFixture fixture = new StoreFixture(directory, settings())) {
      assertThat(fixture.messages(fixture.mailbox(ALICE, "INBOX"))).hasSize(1);
    }
  }

  @Test
  void fullDiskWhenASegmentIsBegun() throws Exception {
    StoreSettings small = settings().withSegmentOctets(10_000);
    List<byte[]> acknowledged = new ArrayList<>();
    try (StoreFixture fixture = new StoreFixture(directory, small)) {
      MailboxId inbox = fixture.mailbox(ALICE, "INBOX");
      byte[] first = noise(1, 20_000);
      fixture.deposit(inbox, first);
      acknowledged.add(first);
      for (int room : new int[] {0, 1, 63, 64, 65}) {
        disk().room.set(room);
        assertFails(StoreException.Kind.NO_SPACE, () -> fixture.deposit(inbox, noise(2, 20_000)));
        disk().room.set(Long.MAX_VALUE);
        byte[] next = noise(room, 20_000);
        fixture.deposit(inbox, next);
        acknowledged.add(next);
      }
    }
    try (StoreFixture fixture = new StoreFixture(directory, small)) {
      assertContents(fixture, fixture.mailbox(ALICE, "INBOX"), acknowledged);
    }
  }

  @Test
  void reserveIsKeptFreeOfMessagesButNotOfDeletions() throws Exception {
    StoreSettings greedy = StoreFixture.settings().withReserveOctets(Long.MAX_VALUE / 2);
    try (StoreFixture fixture = new StoreFixture(directory, greedy)) {
      MailboxId inbox = fixture.mailbox(ALICE, "INBOX");
      assertFails(StoreException.Kind.NO_SPACE, () -> fixture.deposit(inbox, text("x")));
      assertFails(StoreException.Kind.NO_SPACE, fixture.store::requireWritable);
      fixture.store.mailboxes().delete(fixture.mailbox(ALICE, "Trash"));
    }
  }

  @Test
  void failedForceIsFatalAndNothingIsAcknowledgedAfterIt() throws Exception {
    CompletableFuture<StoreException> told = new CompletableFuture<>();
    byte[] kept = text("kept");
    StoreFixture fixture = new StoreFixture(directory, settings().withOnFatal(told::complete));
    MailboxId inbox = fixture.mailbox(ALICE, "INBOX");
    fixture.deposit(inbox, kept);
    disk().failForce = true;
    assertFails(StoreException.Kind.FATAL, () -> fixture.deposit(inbox, text("lost")));
    disk().failForce = false;
    int forced = disk().forced.get();
    assertFails(StoreException.Kind.FATAL, () -> fixture.deposit(inbox, text("late")));
    assertThat(disk().forced.get()).as("a failed force is not tried again").isEqualTo(forced);
    assertThat(told.get(10, TimeUnit.SECONDS).kind()).isEqualTo(StoreException.Kind.FATAL);
    assertFails(StoreException.Kind.FATAL, fixture::close);
    try (StoreFixture again = new StoreFixture(directory)) {
      List<Message> messages = again.messages(again.mailbox(ALICE, "INBOX"));
      assertThat(again.read(messages.getFirst().body())).isEqualTo(kept);
      assertThat(messages).hasSizeLessThanOrEqualTo(2);
    }
  }

  @Test
  void halfAnAppendThatCannotBeTakenBackIsFatal() throws Exception {
    StoreFixture fixture = new StoreFixture(directory, settings());
    MailboxId inbox = fixture.mailbox(ALICE, "INBOX");
    disk().room.set(100);
    disk().failTruncate = true;
    assertFails(StoreException.Kind.FATAL, () -> fixture.deposit(inbox, noise(1, 1000)));
    assertFails(StoreException.Kind.FATAL, fixture::close);
  }

  @Test
  void messageThatIsNotWhatItSaysHarmsNobodyElse() throws Exception {
    byte[] good = text("good");
    try (StoreFixture fixture = new StoreFixture(directory, settings())) {
      MailboxId inbox = fixture.mailbox(ALICE, "INBOX");
      for (MessageSource bad :
          List.of(source(5, text("four")), source(3, text("four")), source(4, null))) {
        Commit commit =
            Commit.of(
                new Commit.Deposit(
                    bad, List.of(new Commit.Filing(inbox, Flags.NONE, NOW)), List.of()));
        assertFails(StoreException.Kind.CORRUPT, () -> fixture.store.commit(commit));
      }
      fixture.deposit(inbox, good);
      assertContents(fixture, inbox, List.of(good));
    }
  }

  private static MessageSource source(long octets, byte @Nullable [] bytes) {
    return new MessageSource() {
      @Override
      public long octets() {
        return octets;
      }

      @Override
      public InputStream open() throws IOException {
        if (bytes == null) {
          throw new IOException("gone");
        }
        return new ByteArrayInputStream(bytes);
      }
    };
  }

  private static void assertContents(StoreFixture fixture, MailboxId mailbox, List<byte[]> expected)
      throws Exception {
    List<byte[]> present = new ArrayList<>();
    for (Message message : fixture.messages(mailbox)) {
      present.add(fixture.read(message.body()));
    }
    assertThat(present).hasSameSizeAs(expected);
    for (int i = 0; i < expected.size(); i++) {
      assertThat(present.get(i)).as("message %d", i).isEqualTo(expected.get(i));
    }
  }
}
