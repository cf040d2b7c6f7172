package dev.postrider.storage;

import static dev.postrider.storage.StoreFixture.ALICE;
import static dev.postrider.storage.StoreFixture.BOB;
import static dev.postrider.storage.StoreFixture.noise;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.postrider.storage.accounts.AccountId;
import dev.postrider.storage.accounts.Quota;
import dev.postrider.storage.accounts.Quota.Usage;
import dev.postrider.storage.mailboxes.MailboxId;
import dev.postrider.storage.messages.UidSet;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.Statement;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What the stores do with quotas besides: defaults, tables that are made again, other servers. */
class QuotaRebuildTest {

  private static final Quota LIMITS = new Quota(5000, Quota.NONE, Quota.UNSET);

  @TempDir Path directory;
  @TempDir Path other;

  private static AccountId alice(StoreFixture fixture) throws StoreException {
    return fixture.account(ALICE).id();
  }

  /** The same each time: 2 of 3 messages left in INBOX, one of them moved to Archive. */
  private static void fill(StoreFixture fixture) throws StoreException {
    MailboxId inbox = fixture.mailbox(ALICE, "INBOX");
    for (int i = 1; i <= 3; i++) {
      fixture.deposit(inbox, noise(i, 100 * i));
    }
    fixture
        .store
        .messages()
        .move(inbox, UidSet.of(2), fixture.mailbox(ALICE, "Archive"), flags -> flags);
  }

  @Test
  void isMadeAgainFromTheLogAndFromASnapshot() throws Exception {
    try (StoreFixture fixture = new StoreFixture(directory)) {
      fixture.store.quotas().change(alice(fixture), LIMITS);
      fill(fixture);
      fixture.store.maintenance().backup(other.resolve("copy"), Progress.NONE);
      fill(fixture);
    }
    Path projection = directory.resolve("h2").resolve("projection.mv.db");
    for (boolean withSnapshot : List.of(true, false)) {
      Files.delete(projection);
      if (!withSnapshot) {
        try (var snapshots = Files.list(directory.resolve("snapshot"))) {
          for (Path snapshot : (Iterable<Path>) snapshots::iterator) {
            Files.delete(snapshot);
          }
        }
      }
      try (StoreFixture fixture = new StoreFixture(directory)) {
        assertThat(fixture.store.quotas().usage(alice(fixture))).isEqualTo(new Usage(1200, 6, 6));
        assertThat(fixture.account(ALICE).quota()).isEqualTo(LIMITS);
        assertThat(fixture.store.maintenance().verify(Progress.NONE)).isEmpty();
        assertThatExceptionOfType(StoreException.class)
            .isThrownBy(() -> fixture.deposit(fixture.mailbox(ALICE, "INBOX"), noise(1, 3801)))
            .matches(e -> e.kind() == StoreException.Kind.OVER_QUOTA);
      }
    }
  }

  @Test
  void movesToPostgresAndBack() throws Exception {
    try (StoreFixture fixture = new StoreFixture(directory)) {
      fixture.store.quotas().change(alice(fixture), new Quota(10, Quota.UNSET, 1));
      fixture.store.quotas().change(alice(fixture), LIMITS);
      fill(fixture);
      fixture.store.quotas().change(alice(fixture), new Quota(10, 1, 1));
    }
    StorePlace postgres = StoreKind.POSTGRESQL.place(other.resolve("pg"));
    Path back = other.resolve("back");
    Migration.run(new StorePlace.Local(directory), postgres, StoreFixture.CLOCK, Progress.NONE);
    Migration.run(postgres, new StorePlace.Local(back), StoreFixture.CLOCK, Progress.NONE);
    try (StoreFixture fixture = new StoreFixture(StoreKind.POSTGRESQL, other.resolve("pg"))) {
      assertThat(fixture.store.quotas().usage(alice(fixture))).isEqualTo(new Usage(600, 3, 6));
      assertThat(fixture.account(ALICE).quota()).isEqualTo(new Quota(10, 1, 1));
    }
    try (StoreFixture fixture = new StoreFixture(back)) {
      assertThat(fixture.store.quotas().usage(alice(fixture))).isEqualTo(new Usage(600, 3, 6));
      assertThat(fixture.account(ALICE).quota()).isEqualTo(new Quota(10, 1, 1));
      assertThat(fixture.store.maintenance().verify(Progress.NONE)).isEmpty();
    }
  }

  @Test
  void theDefaultHoldsWhereAnAccountHasNoLimitOfItsOwn() throws Exception {
    StoreSettings settings = StoreFixture.settings().withQuota(new Quota(500, 2, 5));
    try (StoreFixture fixture = new StoreFixture(directory, settings)) {
      MailboxId inbox = fixture.mailbox(ALICE, "INBOX");
      fixture.store.quotas().change(alice(fixture), new Quota(Quota.NONE, Quota.UNSET, 10));
      fixture.deposit(inbox, noise(1, 1000));
      fixture.deposit(inbox, noise(2, 1000));
      assertThatExceptionOfType(StoreException.class)
          .isThrownBy(() -> fixture.deposit(inbox, noise(3, 1)));
      assertThatExceptionOfType(StoreException.class)
          .isThrownBy(() -> fixture.deposit(fixture.mailbox(BOB, "INBOX"), noise(3, 501)));
      assertThat(fixture.store.quotas().limits(fixture.account(BOB)))
          .isEqualTo(new Quota(500, 2, 5));
    }
  }

  @Test
  void twoServersOnOneDatabaseKeepOneLimit() throws Exception {
    try (StoreFixture left = new StoreFixture(StoreKind.POSTGRESQL, directory);
        StoreFixture right =
            new StoreFixture(
                SharedStore.open(
                    StoreKind.settings(other.resolve("right"), StoreKind.database(directory)),
                    StoreFixture.CLOCK))) {
      left.store.quotas().change(alice(left), new Quota(Quota.UNSET, 30, Quota.UNSET));
      List<StoreFixture> both = List.of(left, right);
      MailboxId inbox = left.mailbox(ALICE, "INBOX");
      MailboxId archive = left.mailbox(ALICE, "Archive");
      List<Thread> threads =
          both.stream()
              .flatMap(
                  fixture ->
                      List.of(inbox, archive, inbox, archive).stream()
                          .map(to -> Thread.ofVirtual().start(() -> fill(fixture, to))))
              .toList();
      for (Thread thread : threads) {
        thread.join();
      }
      assertThat(left.store.quotas().usage(alice(left)).messages()).isEqualTo(30);
      assertThat(right.store.quotas().usage(alice(right)).messages()).isEqualTo(30);
      assertThat(left.messages(inbox).size() + left.messages(archive).size()).isEqualTo(30);
      assertThat(left.store.maintenance().verify(Progress.NONE)).isEmpty();
    }
  }

  private static void fill(StoreFixture fixture, MailboxId to) {
    try {
      for (int i = 0; i < 20; i++) {
        fixture.deposit(to, noise(i, 10));
      }
    } catch (StoreException e) {
      assertThat(e.kind()).isEqualTo(StoreException.Kind.OVER_QUOTA);
    }
  }

  /** A count that is wrong is found, and the tables are told to be so. */
  @Test
  void verifyFindsAWrongCount() throws Exception {
    try (StoreFixture fixture = new StoreFixture(StoreKind.POSTGRESQL, directory)) {
      fill(fixture);
      var database = StoreKind.database(directory);
      String url =
          "jdbc:postgresql://%s:%d/%s".formatted(database.host(), database.port(), database.name());
      try (Connection connection =
              DriverManager.getConnection(url, database.user(), database.password());
          Statement statement = connection.createStatement()) {
        statement.executeUpdate("update mailbox set octets = octets + 1 where messages = 1");
      }
      assertThat(fixture.store.maintenance().verify(Progress.NONE))
          .singleElement()
          .matches(finding -> finding.line().contains("counts other messages than it has"));
    }
  }
}
