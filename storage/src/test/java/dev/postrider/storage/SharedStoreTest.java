package dev.postrider.storage;

import static dev.postrider.storage.StoreFixture.ALICE;
import static dev.postrider.storage.StoreFixture.BOB;
import static dev.postrider.storage.StoreFixture.NOW;
import static dev.postrider.storage.StoreFixture.noise;
import static dev.postrider.storage.StoreFixture.queueEntry;
import static dev.postrider.storage.StoreFixture.text;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.postrider.protocol.address.MailAddress;
import dev.postrider.storage.StoreException.Kind;
import dev.postrider.storage.mailboxes.Grantee;
import dev.postrider.storage.mailboxes.MailboxId;
import dev.postrider.storage.mailboxes.Right;
import dev.postrider.storage.mailboxes.Rights;
import dev.postrider.storage.messages.BodyId;
import dev.postrider.storage.messages.FlagChange;
import dev.postrider.storage.messages.Flags;
import dev.postrider.storage.messages.Message;
import dev.postrider.storage.messages.MessageSource;
import dev.postrider.storage.messages.SystemFlag;
import dev.postrider.storage.messages.UidSet;
import dev.postrider.storage.queue.QueueEntry;
import dev.postrider.storage.queue.QueueId;
import dev.postrider.storage.queue.Settlement;
import dev.postrider.testkit.postgres.Database;
import dev.postrider.testkit.postgres.PostgresServer;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Two servers on one database. */
class SharedStoreTest {

  private static final Duration SOON = Duration.ofSeconds(20);

  @TempDir Path left;
  @TempDir Path right;
  private Database database;
  private StoreFixture one;
  private StoreFixture other;

  @BeforeEach
  void open() throws Exception {
    database = PostgresServer.shared().newDatabase();
    one = new StoreFixture(open(left));
    other = new StoreFixture(open(right));
  }

  private SharedStore open(Path directory) throws StoreException {
    return SharedStore.open(StoreKind.settings(directory, database), StoreFixture.CLOCK);
  }

  @AfterEach
  void close() throws Exception {
    one.close();
    other.close();
  }

  private static long[] uids(List<Message> messages) {
    return messages.stream().mapToLong(message -> message.uid().value()).toArray();
  }

  @Test
  void whoWaitsOnOneServerIsToldOfMailThatCameByTheOther() throws Exception {
    MailboxId inbox = one.mailbox(ALICE, "INBOX");
    try (var index = other.store.messages().open(inbox);
        var subscription = other.store.changes().mailbox(inbox)) {
      var before = index.snapshot();
      subscription.await(Duration.ZERO);
      one.deposit(inbox, text("hello"));
      assertThat(subscription.await(SOON)).isTrue();
      assertThat(uids(index.changesSince(before.highestModSeq()).changed())).containsExactly(1);
    }
  }

  @Test
  void whatOneAcknowledgedTheOtherFindsWhenItOpens() throws Exception {
    MailboxId inbox = one.mailbox(ALICE, "INBOX");
    for (int i = 1; i <= 20; i++) {
      assertThat(other.messages(inbox)).hasSize(i - 1);
      one.deposit(inbox, text("m" + i));
    }
    other.deposit(inbox, text("m21"));
    assertThat(one.messages(inbox)).isEqualTo(other.messages(inbox)).hasSize(21);
  }

  @Test
  void flagsAndExpungesOfBothAddUp() throws Exception {
    MailboxId inbox = one.mailbox(ALICE, "INBOX");
    for (int i = 0; i < 10; i++) {
      one.deposit(inbox, text("m" + i));
    }
    try (var index = other.store.messages().open(inbox)) {
      var before = index.snapshot();
      FlagChange delete = new FlagChange.Add(Flags.of(SystemFlag.DELETED));
      FlagChange seen = new FlagChange.Add(Flags.of(SystemFlag.SEEN));
      one.store.messages().changeFlags(inbox, UidSet.of(1, 2, 3), delete, null);
      other.store.messages().changeFlags(inbox, UidSet.of(3, 4), seen, null);
      one.store.messages().expunge(inbox, UidSet.of(1, 3));
      one.deposit(inbox, text("late"));
      assertThat(uids(other.messages(inbox))).containsExactly(2, 4, 5, 6, 7, 8, 9, 10, 11);
      var delta = index.changesSince(before.highestModSeq());
      assertThat(delta.vanished()).isEqualTo(UidSet.of(1, 3));
      assertThat(uids(delta.changed())).containsExactly(2, 4, 11);
      assertThat(other.messages(inbox)).isEqualTo(one.messages(inbox));
    }
  }

  @Test
  void accountAndMailboxOfOneAreThoseOfTheOther() throws Exception {
    var alice = one.account(ALICE);
    assertThat(other.store.accounts().find(ALICE)).contains(alice);
    try (var subscription = other.store.changes().account(alice.id())) {
      subscription.await(Duration.ZERO);
      one.store.accounts().changeCredential(alice.id(), "$new$");
      assertThat(subscription.await(SOON)).isTrue();
      assertThat(other.store.accounts().find(ALICE).orElseThrow().credential()).isEqualTo("$new$");
      one.store.mailboxes().create(alice.id(), "work", null);
      assertThat(subscription.await(SOON)).isTrue();
      assertThat(other.store.mailboxes().find(alice.id(), "work")).isPresent();
    }
    assertThatExceptionOfType(StoreException.class)
        .isThrownBy(() -> other.store.mailboxes().create(alice.id(), "work", null))
        .matches(e -> e.kind() == Kind.EXISTS);
  }

  @Test
  void whoGetsARightOnOneHearsOfItOnTheOther() throws Exception {
    MailboxId inbox = one.mailbox(ALICE, "INBOX");
    var bob = one.account(BOB).id();
    try (var subscription = other.store.changes().account(bob)) {
      subscription.await(Duration.ZERO);
      one.store.sharing().change(inbox, Grantee.of(bob), before -> Rights.of(Right.LOOKUP));
      assertThat(subscription.await(SOON)).isTrue();
      one.store.sharing().change(inbox, Grantee.anyone(), before -> Rights.of(Right.LOOKUP));
      assertThat(subscription.await(SOON)).isTrue();
    }
    assertThat(other.store.mailboxes().counts(inbox).orElseThrow().messages()).isZero();
    one.deposit(inbox, text("one"));
    assertThat(other.store.mailboxes().counts(inbox).orElseThrow().messages()).isEqualTo(1);
  }

  @Test
  void rightsTakenAwayOnOneAreGoneOnTheOther() throws Exception {
    MailboxId inbox = one.mailbox(ALICE, "INBOX");
    var bob = one.account(BOB).id();
    one.store.sharing().change(inbox, Grantee.of(bob), none -> Rights.ALL);
    assertThat(other.store.sharing().sharedWith(bob)).hasSize(1);
    try (var subscription = other.store.changes().mailbox(inbox)) {
      subscription.await(Duration.ZERO);
      one.store.sharing().change(inbox, Grantee.of(bob), all -> Rights.NONE);
      assertThat(subscription.await(SOON)).isTrue();
      var there = other.store.mailboxes().find(inbox).orElseThrow();
      assertThat(other.store.sharing().rights(there, bob)).isEqualTo(Rights.NONE);
    }
  }

  @Test
  void mailboxDeletedOnOneIsGoneOnTheOther() throws Exception {
    var alice = one.account(ALICE);
    MailboxId work = one.store.mailboxes().create(alice.id(), "work", null).id();
    one.deposit(work, text("x"));
    try (var index = other.store.messages().open(work);
        var subscription = other.store.changes().mailbox(work)) {
      var before = index.snapshot();
      subscription.await(Duration.ZERO);
      one.store.mailboxes().delete(work);
      Optional<Kind> failure = Optional.empty();
      while (failure.isEmpty()) {
        // The first word may still be that of the message.
        assertThat(subscription.await(SOON)).isTrue();
        failure = failure(() -> index.changesSince(before.highestModSeq()));
      }
      assertThat(failure).contains(Kind.NOT_FOUND);
    }
  }

  private static Optional<Kind> failure(Callable<?> reading) throws Exception {
    try {
      reading.call();
      return Optional.empty();
    } catch (StoreException e) {
      return Optional.of(e.kind());
    }
  }

  /** UIDs are given once, in order, whoever gives them, and both see the same in the end. */
  @Test
  void bothDeliverIntoOneMailboxAtTheSameTime() throws Exception {
    MailboxId inbox = one.mailbox(ALICE, "INBOX");
    MailboxId sent = one.mailbox(ALICE, "Sent");
    int each = 40;
    Set<Long> given = new TreeSet<>();
    List<Future<List<Long>>> workers = new ArrayList<>();
    try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();
        var watched = other.store.messages().open(inbox)) {
      for (StoreFixture server : List.of(one, other, one, other)) {
        workers.add(
            threads.submit(
                () -> {
                  List<Long> uids = new ArrayList<>();
                  for (int i = 0; i < each; i++) {
                    Commit.Filing first = new Commit.Filing(inbox, Flags.NONE, NOW);
                    Commit.Filing second = new Commit.Filing(sent, Flags.NONE, NOW);
                    List<Commit.Filing> filings =
                        i % 2 == 0 ? List.of(first, second) : List.of(second, first);
                    Committed committed =
                        server.store.commit(
                            Commit.of(
                                new Commit.Deposit(
                                    MessageSource.of(noise(i, 500)), filings, List.of())));
                    uids.add(committed.filed().get(i % 2).uid().value());
                  }
                  return uids;
                }));
      }
      for (Future<List<Long>> worker : workers) {
        assertThat(worker.get()).isSorted();
        given.addAll(worker.get());
      }
      assertThat(given).hasSize(4 * each);
      assertThat(uids(one.messages(inbox)))
          .containsExactly(given.stream().mapToLong(Long::longValue).toArray());
      assertThat(other.messages(inbox)).isEqualTo(one.messages(inbox));
      assertThat(other.messages(sent)).isEqualTo(one.messages(sent));
      assertThat(watched.snapshot().messages()).isEqualTo(one.messages(inbox));
    }
    assertThat(one.store.maintenance().verify(Progress.NONE)).isEmpty();
  }

  private QueueId enqueue(StoreFixture server, String recipient) throws StoreException {
    return server
        .store
        .commit(
            Commit.of(
                new Commit.Deposit(
                    MessageSource.of(text("x")), List.of(), List.of(queueEntry(recipient, NOW)))))
        .queued()
        .getFirst();
  }

  @Test
  void anEntryOfTheQueueIsClaimedByOneServer() throws Exception {
    Set<QueueId> queued = new TreeSet<>(java.util.Comparator.comparingLong(QueueId::value));
    for (int i = 0; i < 60; i++) {
      queued.add(enqueue(one, "r" + i + "@b.test"));
    }
    List<QueueEntry> claimed = new ArrayList<>();
    try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
      List<Future<List<QueueEntry>>> claims = new ArrayList<>();
      for (int i = 0; i < 12; i++) {
        StoreFixture server = i % 2 == 0 ? one : other;
        claims.add(threads.submit(() -> server.store.queue().claim(NOW, 7)));
      }
      for (Future<List<QueueEntry>> claim : claims) {
        claimed.addAll(claim.get());
      }
    }
    claimed.addAll(one.store.queue().claim(NOW, 100));
    assertThat(claimed).extracting(QueueEntry::id).doesNotHaveDuplicates().hasSize(60);
    assertThat(claimed).extracting(QueueEntry::id).containsAll(queued);
  }

  @Test
  void whatAServerThatDiedHadIsFreeWhenItsLeaseEnds() throws Exception {
    QueueId entry = enqueue(one, "a@b.test");
    assertThat(one.store.queue().claim(NOW, 1)).hasSize(1);
    assertThat(other.store.queue().claim(NOW, 1)).isEmpty();
    assertThat(other.store.queue().nextDue()).isEmpty();
    // As if its time were over.
    database.sql("update queue_lease set until = 1");
    assertThat(other.store.queue().nextDue()).contains(NOW);
    assertThat(other.store.queue().claim(NOW, 1)).extracting(QueueEntry::id).containsExactly(entry);
    // The first lives after all: it may not set a new time any more, but what it did is done.
    assertThatExceptionOfType(StoreException.class)
        .isThrownBy(
            () ->
                one.store.commit(
                    Commit.of(new Settlement.Deferred(entry, NOW.plusSeconds(9), "later", false))))
        .matches(e -> e.kind() == Kind.NOT_FOUND);
    one.store.commit(Commit.of(new Settlement.Done(entry)));
    assertThat(other.store.queue().size()).isZero();
  }

  @Test
  void aServerThatStopsGivesItsClaimsBack() throws Exception {
    QueueId entry = enqueue(one, "a@b.test");
    assertThat(one.store.queue().claim(NOW, 1)).hasSize(1);
    one.close();
    assertThat(other.store.queue().claim(NOW, 1)).extracting(QueueEntry::id).containsExactly(entry);
    one = new StoreFixture(open(left));
  }

  /** A change whose connection is cut either happened or was refused; and everything goes on. */
  @Test
  void connectionsThatAreCutLoseNothing() throws Exception {
    MailboxId inbox = one.mailbox(ALICE, "INBOX");
    List<Long> acknowledged = new ArrayList<>();
    int refused = 0;
    for (int i = 0; i < 60; i++) {
      if (i % 20 == 10) {
        database.cutConnections();
      }
      try {
        acknowledged.add(one.deposit(inbox, text("m" + i)).uid().value());
      } catch (StoreException e) {
        assertThat(e.kind()).isEqualTo(Kind.UNAVAILABLE);
        refused++;
      }
    }
    assertThat(refused).isLessThan(30);
    assertThat(uids(one.messages(inbox)))
        .containsExactly(acknowledged.stream().mapToLong(Long::longValue).toArray());
    // Whoever was deaf meanwhile hears again.
    try (var index = other.store.messages().open(inbox);
        var subscription = other.store.changes().mailbox(inbox)) {
      var before = index.snapshot();
      subscription.await(Duration.ZERO);
      one.deposit(inbox, text("after"));
      Instant until = Instant.now().plus(SOON);
      while (index.changesSince(before.highestModSeq()).changed().isEmpty()) {
        assertThat(Instant.now()).isBefore(until);
        subscription.await(Duration.ofMillis(200));
      }
    }
  }

  @Test
  void aBodyThatNobodyNeedsIsRemovedAndNoOther() throws Exception {
    MailboxId inbox = one.mailbox(ALICE, "INBOX");
    one.deposit(inbox, noise(1, 700_000));
    one.deposit(inbox, noise(2, 100));
    BodyId gone = one.messages(inbox).getFirst().body();
    BodyId kept = one.messages(inbox).getLast().body();
    FlagChange delete = new FlagChange.Add(Flags.of(SystemFlag.DELETED));
    one.store.messages().changeFlags(inbox, UidSet.of(1), delete, null);
    one.store.messages().expunge(inbox, UidSet.of(1));
    assertThat(one.store.maintenance().collect(Progress.NONE).octetsFreed()).isZero();
    other.close();
    InstantSource later = InstantSource.fixed(NOW.plus(Duration.ofDays(15)));
    other = new StoreFixture(SharedStore.open(StoreKind.settings(right, database), later));
    assertThat(other.store.maintenance().collect(Progress.NONE).octetsFreed()).isEqualTo(700_000);
    assertThat(database.sql("select distinct body from body_chunk"))
        .contains(Long.toString(kept.value()))
        .doesNotContain(Long.toString(gone.value()));
    assertThat(one.read(kept)).isEqualTo(noise(2, 100));
    assertThat(one.store.maintenance().verify(Progress.NONE)).isEmpty();
  }

  @Test
  void aDamagedBodyIsNamedAndNotServed() throws Exception {
    MailboxId inbox = one.mailbox(ALICE, "INBOX");
    one.deposit(inbox, noise(1, 600_000));
    BodyId body = one.messages(inbox).getFirst().body();
    database.sql("update body_chunk set octets = set_byte(octets, 7, 255 - get_byte(octets, 7))");
    assertThat(one.store.maintenance().verify(Progress.NONE))
        .singleElement()
        .satisfies(
            finding ->
                assertThat(finding.line())
                    .contains("body " + body.value() + " is damaged", "UID 1 of INBOX of alice"));
    assertThatExceptionOfType(java.io.IOException.class).isThrownBy(() -> other.read(body));
  }

  @Test
  void tablesOfANewerVersionAreRefused() throws Exception {
    database.sql("update store set version = version + 1");
    one.close();
    assertThatExceptionOfType(StoreException.class)
        .isThrownBy(() -> open(left))
        .matches(e -> e.kind() == Kind.UNUSABLE)
        .withMessageContaining("another version");
    database.sql("update store set version = version - 1");
    one = new StoreFixture(open(left));
  }

  @Test
  void oneDirectoryIsForOneProcess() {
    assertThatExceptionOfType(StoreException.class)
        .isThrownBy(() -> open(left))
        .matches(e -> e.kind() == Kind.UNUSABLE)
        .withMessageContaining("in use");
  }

  @Test
  void aDatabaseThatDoesNotAnswerIsSaidSo() throws Exception {
    SharedSettings nowhere = StoreKind.settings(right.resolve("x"), database).withConnections(4);
    SharedSettings wrong =
        new SharedSettings(
            nowhere.directory(),
            new dev.postrider.storage.sql.PostgresAddress(
                "jdbc:postgresql://127.0.0.1:1/x", "u", java.util.Optional.empty()),
            4,
            nowhere.objects(),
            nowhere.undelete(),
            nowhere.upkeepInterval(),
            nowhere.quota());
    assertThatExceptionOfType(StoreException.class)
        .isThrownBy(() -> SharedStore.open(wrong, StoreFixture.CLOCK))
        .matches(e -> e.kind() == Kind.UNAVAILABLE)
        .withMessageContaining("u@127.0.0.1:1/x");
  }

  @Test
  void anAddressIsTakenOnceByWhicheverServer() throws Exception {
    MailAddress bob = new MailAddress("bob", "example.test");
    int made = 0;
    try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
      List<Future<Boolean>> attempts = new ArrayList<>();
      for (StoreFixture server : List.of(one, other, one, other)) {
        attempts.add(
            threads.submit(
                () -> {
                  try {
                    server.store.accounts().create(bob, "{plain}x");
                    return true;
                  } catch (StoreException e) {
                    assertThat(e.kind()).isEqualTo(Kind.EXISTS);
                    return false;
                  }
                }));
      }
      for (Future<Boolean> attempt : attempts) {
        made += attempt.get() ? 1 : 0;
      }
    }
    assertThat(made).isEqualTo(1);
  }
}
