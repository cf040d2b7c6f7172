package dev.postrider.storage;

import static dev.postrider.storage.StoreFixture.ALICE;
import static dev.postrider.storage.StoreFixture.BOB;
import static dev.postrider.storage.StoreFixture.NOW;
import static dev.postrider.storage.StoreFixture.noise;
import static dev.postrider.storage.StoreFixture.queueEntry;
import static dev.postrider.storage.StoreFixture.text;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.postrider.storage.accounts.Account;
import dev.postrider.storage.mailboxes.Mailbox;
import dev.postrider.storage.mailboxes.MailboxId;
import dev.postrider.storage.messages.Flags;
import dev.postrider.storage.messages.Message;
import dev.postrider.storage.messages.MessageSource;
import dev.postrider.storage.messages.SystemFlag;
import dev.postrider.storage.messages.UidSet;
import dev.postrider.storage.queue.QueueEntry;
import dev.postrider.storage.queue.QueueId;
import dev.postrider.storage.queue.Settlement;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.EnumSource;

/** Holds for every store. */
@ParameterizedClass
@EnumSource(StoreKind.class)
class StoreTest {

  @TempDir Path directory;
  private final StoreKind kind;

  StoreTest(StoreKind kind) {
    this.kind = kind;
  }

  @Test
  void newAccountHasTheDefaultMailboxesSubscribed() throws Exception {
    try (StoreFixture fixture = new StoreFixture(kind, directory)) {
      Account alice = fixture.account(ALICE);
      assertThat(fixture.store.mailboxes().list(alice.id()))
          .extracting(Mailbox::name)
          .containsExactly("INBOX", "Archive", "Drafts", "Junk", "Sent", "Trash");
      assertThat(fixture.store.mailboxes().list(alice.id())).allMatch(Mailbox::subscribed);
    }
  }

  @Test
  void oneMessageForTwoMailboxesAndARemoteRecipientIsStoredOnce() throws Exception {
    byte[] body = noise(1, 100_000);
    try (StoreFixture fixture = new StoreFixture(kind, directory)) {
      MailboxId alice = fixture.mailbox(ALICE, "INBOX");
      MailboxId bob = fixture.mailbox(BOB, "INBOX");
      Committed committed =
          fixture.store.commit(
              Commit.of(
                  new Commit.Deposit(
                      MessageSource.of(body),
                      List.of(
                          new Commit.Filing(alice, Flags.NONE, NOW),
                          new Commit.Filing(bob, Flags.of(SystemFlag.SEEN), NOW)),
                      List.of(queueEntry("carol@b.test", NOW)))));
      assertThat(committed.filed()).hasSize(2);
      Message inAlice = fixture.messages(alice).getFirst();
      Message inBob = fixture.messages(bob).getFirst();
      assertThat(inAlice.body()).isEqualTo(inBob.body());
      assertThat(inBob.flags().has(SystemFlag.SEEN)).isTrue();
      assertThat(fixture.read(inAlice.body())).isEqualTo(body);
      QueueEntry entry = fixture.store.queue().find(committed.queued().getFirst()).orElseThrow();
      assertThat(entry.body()).isEqualTo(inAlice.body());
      assertThat(entry.octets()).isEqualTo(100_000);
    }
  }

  @Test
  void everythingIsThereAfterReopening() throws Exception {
    byte[] body = text("Subject: x\r\n\r\nhello\r\n");
    QueueId queued;
    try (StoreFixture fixture = new StoreFixture(kind, directory)) {
      MailboxId inbox = fixture.mailbox(ALICE, "INBOX");
      fixture.deposit(inbox, body);
      queued =
          fixture
              .store
              .commit(
                  Commit.of(
                      new Commit.Deposit(
                          MessageSource.of(body),
                          List.of(),
                          List.of(queueEntry("carol@b.test", NOW)))))
              .queued()
              .getFirst();
      fixture.store.commit(
          Commit.of(new Settlement.Deferred(queued, NOW.plusSeconds(450), "451 try later", false)));
    }
    try (StoreFixture fixture = new StoreFixture(kind, directory)) {
      MailboxId inbox = fixture.mailbox(ALICE, "INBOX");
      assertThat(fixture.read(fixture.messages(inbox).getFirst().body())).isEqualTo(body);
      QueueEntry entry = fixture.store.queue().find(queued).orElseThrow();
      assertThat(entry.attempts()).isEqualTo(1);
      assertThat(entry.lastReply()).isEqualTo("451 try later");
      assertThat(fixture.store.queue().nextDue()).contains(NOW.plusSeconds(450));
      assertThat(fixture.deposit(inbox, body).uid().value()).isEqualTo(2);
    }
  }

  @Test
  void commitToAMailboxThatIsGoneLeavesNothing() throws Exception {
    try (StoreFixture fixture = new StoreFixture(kind, directory)) {
      MailboxId inbox = fixture.mailbox(ALICE, "INBOX");
      Commit commit =
          Commit.of(
              new Commit.Deposit(
                  MessageSource.of(text("x")),
                  List.of(
                      new Commit.Filing(inbox, Flags.NONE, NOW),
                      new Commit.Filing(new MailboxId(999), Flags.NONE, NOW)),
                  List.of(queueEntry("carol@b.test", NOW))));
      assertThatExceptionOfType(StoreException.class)
          .isThrownBy(() -> fixture.store.commit(commit))
          .matches(e -> e.kind() == StoreException.Kind.NOT_FOUND);
      assertThat(fixture.messages(inbox)).isEmpty();
      assertThat(fixture.store.queue().size()).isZero();
    }
  }

  @Test
  void depositWakesWhoWaitsForTheMailbox() throws Exception {
    try (StoreFixture fixture = new StoreFixture(kind, directory)) {
      MailboxId inbox = fixture.mailbox(ALICE, "INBOX");
      try (var subscription = fixture.store.changes().mailbox(inbox);
          var index = fixture.store.messages().open(inbox)) {
        var before = index.snapshot().highestModSeq();
        fixture.deposit(inbox, text("x"));
        assertThat(subscription.await(Duration.ofSeconds(10))).isTrue();
        assertThat(index.changesSince(before).changed()).hasSize(1);
        assertThat(subscription.await(Duration.ZERO)).isFalse();
      }
    }
  }

  @Test
  void maintenanceFindsNothingWrongAndKeepsWhatSomebodyNeeds() throws Exception {
    try (StoreFixture fixture = new StoreFixture(kind, directory)) {
      MailboxId inbox = fixture.mailbox(ALICE, "INBOX");
      MailboxId archive = fixture.mailbox(ALICE, "Archive");
      for (int i = 0; i < 5; i++) {
        fixture.deposit(inbox, noise(i, 300_000), SystemFlag.DELETED);
      }
      fixture.store.messages().copy(inbox, UidSet.of(2), archive);
      fixture.store.messages().expunge(inbox, UidSet.of(1, 2, 3));
      fixture.store.maintenance().collect(Progress.NONE);
      assertThat(fixture.store.maintenance().verify(Progress.NONE)).isEmpty();
      assertThat(fixture.read(fixture.messages(archive).getFirst().body()))
          .isEqualTo(noise(1, 300_000));
      assertThat(fixture.messages(inbox)).hasSize(2);
    }
  }

  @Test
  void itIsWritableUntilItIsClosed() throws Exception {
    StoreFixture fixture = new StoreFixture(kind, directory);
    MailboxId inbox = fixture.mailbox(ALICE, "INBOX");
    fixture.store.requireWritable();
    fixture.close();
    fixture.close();
    assertThatExceptionOfType(StoreException.class)
        .isThrownBy(() -> fixture.deposit(inbox, text("late")))
        .matches(e -> e.kind() == StoreException.Kind.CLOSED, "CLOSED");
  }
}
