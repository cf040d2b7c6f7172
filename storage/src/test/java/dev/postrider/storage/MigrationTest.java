package dev.postrider.storage;

import static dev.postrider.storage.StoreFixture.ALICE;
import static dev.postrider.storage.StoreFixture.BOB;
import static dev.postrider.storage.StoreFixture.CLOCK;
import static dev.postrider.storage.StoreFixture.NOW;
import static dev.postrider.storage.StoreFixture.noise;
import static dev.postrider.storage.StoreFixture.queueEntry;
import static dev.postrider.storage.StoreFixture.text;
import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.postrider.protocol.text.Octets;
import dev.postrider.storage.StoreException.Kind;
import dev.postrider.storage.accounts.Account;
import dev.postrider.storage.mailboxes.Grantee;
import dev.postrider.storage.mailboxes.Mailbox;
import dev.postrider.storage.mailboxes.MailboxId;
import dev.postrider.storage.mailboxes.Recoverable;
import dev.postrider.storage.mailboxes.Right;
import dev.postrider.storage.mailboxes.Rights;
import dev.postrider.storage.messages.FlagChange;
import dev.postrider.storage.messages.Flags;
import dev.postrider.storage.messages.Message;
import dev.postrider.storage.messages.MessageSource;
import dev.postrider.storage.messages.SystemFlag;
import dev.postrider.storage.messages.Uid;
import dev.postrider.storage.messages.UidSet;
import dev.postrider.storage.queue.QueueEntry;
import dev.postrider.storage.queue.QueueId;
import dev.postrider.storage.queue.Settlement;
import dev.postrider.testkit.postgres.Database;
import dev.postrider.testkit.postgres.PostgresServer;
import java.io.RandomAccessFile;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Everything goes from one store to another. */
class MigrationTest {

  /** More than one page of rows. */
  private static final int MESSAGES = 2100;

  /** A service that keeps objects takes its time for each. */
  private static final int OBJECTS = 40;

  @TempDir Path directory;

  @ParameterizedTest
  @CsvSource({
    "LOCAL, POSTGRESQL",
    "POSTGRESQL, LOCAL",
    "LOCAL, POSTGRESQL_AND_S3",
    "POSTGRESQL_AND_S3, LOCAL",
    "POSTGRESQL, POSTGRESQL_AND_S3",
    "LOCAL, LOCAL"
  })
  void movesEverything(StoreKind from, StoreKind to) throws Exception {
    Path here = directory.resolve("here");
    Path there = directory.resolve("there");
    boolean objects = List.of(from, to).contains(StoreKind.POSTGRESQL_AND_S3);
    int messages = objects ? OBJECTS : MESSAGES;
    List<String> before;
    try (StoreFixture fixture = new StoreFixture(from, here)) {
      fill(fixture, messages);
      before = picture(fixture);
    }

    Migration.Moved moved = Migration.run(from.place(here), to.place(there), CLOCK, Progress.NONE);

    assertThat(moved.accounts()).isEqualTo(2);
    assertThat(moved.messages()).isEqualTo(messages + 3);
    assertThat(moved.queued()).isEqualTo(2);
    try (StoreFixture fixture = new StoreFixture(to, there)) {
      assertThat(picture(fixture)).isEqualTo(before);
      assertThat(fixture.store.maintenance().verify(Progress.NONE)).isEmpty();
      goesOn(fixture);
    }
    try (StoreFixture fixture = new StoreFixture(from, here)) {
      assertThat(picture(fixture)).as("the source stays as it was").isEqualTo(before);
    }
  }

  /** New numbers come behind the old ones, and what was deleted comes back. */
  private static void goesOn(StoreFixture fixture) throws Exception {
    MailboxId inbox = fixture.mailbox(ALICE, "INBOX");
    Uid uidNext = fixture.store.mailboxes().status(inbox).uidNext();
    assertThat(fixture.deposit(inbox, text("new")).uid()).isEqualTo(uidNext);
    Account alice = fixture.account(ALICE);
    Recoverable.Wanted deleted =
        new Recoverable.Wanted(alice.id(), Optional.of("Gone"), Instant.EPOCH);
    assertThat(fixture.store.recoverable().restore(deleted))
        .extracting(Recoverable.Found::messages)
        .containsExactly(1);
    MailboxId made = fixture.store.mailboxes().create(alice.id(), "Made", null).id();
    assertThat(fixture.store.mailboxes().find(made).orElseThrow().uidValidity())
        .isGreaterThan(fixture.store.mailboxes().find(inbox).orElseThrow().uidValidity());
  }

  @Test
  void refusesATargetThatIsNotEmptyAndLeavesIt() throws Exception {
    Path here = directory.resolve("here");
    Path there = directory.resolve("there");
    for (StoreKind kind : new StoreKind[] {StoreKind.LOCAL, StoreKind.POSTGRESQL}) {
      Path target = there.resolve(kind.name());
      for (Path path : List.of(here.resolve(kind.name()), target)) {
        try (StoreFixture fixture = new StoreFixture(kind, path)) {
          fixture.account(path.equals(target) ? BOB : ALICE);
        }
      }
      assertThatExceptionOfType(StoreException.class)
          .isThrownBy(
              () ->
                  Migration.run(
                      kind.place(here.resolve(kind.name())),
                      kind.place(target),
                      CLOCK,
                      Progress.NONE))
          .satisfies(e -> assertThat(e.kind()).isEqualTo(Kind.REFUSED))
          .withMessageMatching(".*(has a store already: name another|is not empty: name a new).*");
      try (StoreFixture fixture = new StoreFixture(kind, target)) {
        assertThat(fixture.store.accounts().list())
            .extracting(Account::address)
            .containsExactly(BOB);
      }
    }
  }

  @ParameterizedTest
  @CsvSource({"POSTGRESQL", "LOCAL"})
  void leavesAnEmptyTargetWhenItIsBrokenOffAndCanBeBegunAgain(StoreKind to) throws Exception {
    Path here = directory.resolve("here");
    Path there = directory.resolve("there");
    try (StoreFixture fixture = new StoreFixture(StoreKind.LOCAL, here)) {
      fill(fixture, MESSAGES);
    }
    for (String step : List.of("messages", "bodies", "compare")) {
      assertThatExceptionOfType(StoreException.class)
          .as(step)
          .isThrownBy(
              () ->
                  Migration.run(
                      StoreKind.LOCAL.place(here),
                      to.place(there),
                      CLOCK,
                      (what, done, total) -> {
                        if (what.equals(
                            to == StoreKind.LOCAL && step.equals("bodies") ? "log" : step)) {
                          throw new StoreException(Kind.CLOSED, "broken off");
                        }
                      }))
          .withMessageContaining("broken off");
      if (to == StoreKind.LOCAL) {
        assertThat(there.resolve("postrider-store")).doesNotExist();
        assertThat(there.resolve(".unfinished")).doesNotExist();
      } else {
        assertThat(StoreKind.database(there).sql("select count(*) from message")).isEqualTo("0");
        assertThat(StoreKind.database(there).sql("select count(*) from body_chunk")).isEqualTo("0");
      }
    }
    Migration.run(StoreKind.LOCAL.place(here), to.place(there), CLOCK, Progress.NONE);
    try (StoreFixture fixture = new StoreFixture(to, there)) {
      assertThat(fixture.messages(fixture.mailbox(ALICE, "INBOX"))).hasSize(MESSAGES + 2);
    }
  }

  @Test
  void movesNothingWhenABodyIsDamaged() throws Exception {
    Path here = directory.resolve("here");
    try (StoreFixture fixture = new StoreFixture(StoreKind.LOCAL, here)) {
      fixture.deposit(fixture.mailbox(ALICE, "INBOX"), noise(1, 10_000));
    }
    flipABit(here.resolve("log"), 9_000);
    Path there = directory.resolve("there");
    assertThatExceptionOfType(StoreException.class)
        .isThrownBy(
            () ->
                Migration.run(
                    StoreKind.LOCAL.place(here),
                    StoreKind.POSTGRESQL.place(there),
                    CLOCK,
                    Progress.NONE))
        .withMessageContaining("damaged")
        .satisfies(e -> assertThat(e.kind()).isEqualTo(Kind.CORRUPT));
    assertThat(StoreKind.database(there).sql("select count(*) from account")).isEqualTo("0");
  }

  @Test
  void refusesStoresThatAreInUseOrNotThere() throws Exception {
    Path here = directory.resolve("here");
    Path there = directory.resolve("there");
    assertRefused(here, there, "there is no store in " + here);
    try (StoreFixture fixture = new StoreFixture(StoreKind.LOCAL, here)) {
      fixture.account(ALICE);
      assertRefused(here, there, "is in use by another process");
    }
    Database database = StoreKind.database(there);
    try (SharedStore other =
        SharedStore.open(
            StoreKind.settings(directory.resolve("other"), database), StoreFixture.CLOCK)) {
      assertThat(other.accounts().list()).isEmpty();
      assertRefused(here, there, "is in use");
    }
  }

  private static void assertRefused(Path here, Path there, String text) {
    assertThatExceptionOfType(StoreException.class)
        .isThrownBy(
            () ->
                Migration.run(
                    StoreKind.LOCAL.place(here),
                    StoreKind.POSTGRESQL.place(there),
                    CLOCK,
                    Progress.NONE))
        .satisfies(e -> assertThat(e.kind()).isEqualTo(Kind.UNUSABLE))
        .withMessageContaining(text);
  }

  @Test
  void tellsADatabaseThatDoesNotAnswer() throws Exception {
    Path here = directory.resolve("here");
    try (StoreFixture fixture = new StoreFixture(StoreKind.LOCAL, here)) {
      fixture.account(ALICE);
    }
    try (PostgresServer server = PostgresServer.start()) {
      Database database = server.newDatabase();
      server.stop();
      assertThatExceptionOfType(StoreException.class)
          .isThrownBy(
              () ->
                  Migration.run(
                      StoreKind.LOCAL.place(here),
                      new StorePlace.Shared(StoreKind.settings(here, database)),
                      CLOCK,
                      Progress.NONE))
          .satisfies(e -> assertThat(e.kind()).isEqualTo(Kind.UNAVAILABLE));
    }
  }

  private static void fill(StoreFixture fixture, int messages) throws Exception {
    Store store = fixture.store;
    Account alice = fixture.account(ALICE);
    fixture.account(BOB);
    store.accounts().changeCredential(alice.id(), "{plain}other");
    leaveAGap(store);
    MailboxId inbox = fixture.mailbox(ALICE, "INBOX");
    MailboxId gone = store.mailboxes().create(alice.id(), "Gone", null).id();
    fixture.deposit(gone, text("in a mailbox that goes"));
    store.mailboxes().delete(gone);
    store.mailboxes().create(alice.id(), "Grüße/€", null);
    store.mailboxes().subscribe(alice.id(), "Not there");
    store.sharing().change(inbox, Grantee.of(fixture.account(BOB).id()), none -> Rights.ALL);
    Optional<Mailbox> noted = store.mailboxes().find(inbox);
    Optional<Octets> value = Optional.of(Octets.of(noise(9, 16 * 1024)));
    store.annotations().change(noted, alice.id(), Map.of("/shared/a", value, "/private/b", value));
    store.annotations().change(Optional.empty(), alice.id(), Map.of("/private/c", value));
    store.sharing().change(inbox, Grantee.anyone().negated(), none -> Rights.of(Right.POST));
    List<Commit.Deposit> deposits = new ArrayList<>();
    for (int i = 0; i < messages; i++) {
      Flags flags = Flags.of(i % 2 == 0 ? Set.of(SystemFlag.SEEN) : Set.of(), Set.of("$K" + i % 3));
      deposits.add(
          new Commit.Deposit(
              MessageSource.of(noise(i, 200 + i)),
              List.of(new Commit.Filing(inbox, flags, NOW.minusSeconds(i))),
              List.of()));
    }
    store.commit(new Commit(deposits, List.of()));
    fixture.deposit(inbox, new byte[0]);
    long large = fixture.deposit(inbox, noise(7, 3_000_000)).uid().value();
    store.messages().copy(inbox, UidSet.of(large), fixture.mailbox(BOB, "Archive"));
    UidSet dead =
        UidSet.of(fixture.deposit(inbox, text("expunged"), SystemFlag.DELETED).uid().value());
    store.messages().expunge(inbox, dead);
    FlagChange flagged = new FlagChange.Add(Flags.of(SystemFlag.FLAGGED));
    var _ = store.messages().changeFlags(inbox, UidSet.of(5), flagged, null);
    Commit.Deposit outgoing =
        new Commit.Deposit(
            MessageSource.of(noise(8, 1000)),
            List.of(),
            List.of(queueEntry("x@a.test", NOW), queueEntry("y@b.test", NOW.plusSeconds(60))));
    QueueId first = store.commit(Commit.of(outgoing)).queued().getFirst();
    store.commit(
        Commit.of(new Settlement.Deferred(first, NOW.plusSeconds(900), "451 4.3.0 later", true)));
  }

  /** Among the numbers of bodies, which stay all the same. */
  private static void leaveAGap(Store store) throws Exception {
    Commit.Deposit sent =
        new Commit.Deposit(
            MessageSource.of(text("sent long ago")),
            List.of(),
            List.of(queueEntry("z@b.test", NOW)));
    QueueId entry = store.commit(Commit.of(sent)).queued().getFirst();
    store.commit(Commit.of(new Settlement.Done(entry)));
  }

  /** All that clients and the relay can see. */
  private static List<String> picture(StoreFixture fixture) throws Exception {
    List<String> picture = new ArrayList<>();
    Store store = fixture.store;
    for (Account account : store.accounts().list()) {
      picture.add(account + " " + account.credential());
      picture.add(store.mailboxes().subscriptions(account.id()).toString());
      picture.add(store.annotations().list(Optional.empty(), account.id()).toString());
      for (Mailbox mailbox : store.mailboxes().list(account.id())) {
        picture.add(mailbox + " " + store.mailboxes().status(mailbox.id()));
        picture.add(store.annotations().list(Optional.of(mailbox), account.id()).toString());
        picture.add(store.sharing().entries(mailbox.id()).toString());
        for (Message message : fixture.messages(mailbox.id())) {
          picture.add(
              "%s %s %s %s %s %s"
                  .formatted(
                      message.uid(),
                      message.body(),
                      message.modSeq(),
                      message.flags(),
                      message.internalDate(),
                      sum(fixture.read(message.body()))));
        }
      }
      Recoverable.Wanted all =
          new Recoverable.Wanted(account.id(), Optional.empty(), Instant.EPOCH);
      picture.add(store.recoverable().find(all).toString());
    }
    for (QueueEntry entry : store.queue().list(10)) {
      picture.add(entry + " " + sum(fixture.read(entry.body())));
    }
    return picture;
  }

  private static String sum(byte[] bytes) {
    return bytes.length + ":" + Arrays.hashCode(bytes);
  }

  private static void flipABit(Path log, long offset) throws Exception {
    try (Stream<Path> files = Files.list(log)) {
      Path segment =
          requireNonNull(
              files.filter(file -> file.toFile().length() > offset).findFirst().orElse(null));
      try (RandomAccessFile file = new RandomAccessFile(segment.toFile(), "rw")) {
        file.seek(offset);
        int octet = file.read();
        file.seek(offset);
        file.write(octet ^ 1);
      }
    }
  }
}
