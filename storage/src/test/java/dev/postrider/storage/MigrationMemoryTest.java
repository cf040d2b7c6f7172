package dev.postrider.storage;

import static dev.postrider.storage.StoreFixture.ALICE;
import static dev.postrider.storage.StoreFixture.CLOCK;
import static dev.postrider.storage.StoreFixture.NOW;
import static dev.postrider.storage.StoreFixture.noise;
import static org.assertj.core.api.Assertions.assertThat;

import dev.postrider.storage.mailboxes.MailboxId;
import dev.postrider.storage.messages.Flags;
import dev.postrider.storage.messages.MessageSource;
import dev.postrider.testkit.postgres.Database;
import dev.postrider.testkit.postgres.PostgresServer;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Moves {@code migration.messages} there and back, in processes that have {@code migration.heap} of
 * memory: less than the messages have octets.
 */
class MigrationMemoryTest {

  private static final int MESSAGES = Integer.getInteger("migration.messages", 4000);
  private static final String HEAP = System.getProperty("migration.heap", "48m");
  private static final int OCTETS = 20_000;
  private static final int TOGETHER = 200;

  @TempDir Path directory;

  @Test
  void movesMoreThanFitsIntoMemory() throws Exception {
    Path here = directory.resolve("here");
    Path back = directory.resolve("back");
    try (StoreFixture fixture = new StoreFixture(here)) {
      fill(fixture);
    }
    Database database = PostgresServer.shared().newDatabase();
    move(here.toString(), database.jdbcUrl(), database);
    move(database.jdbcUrl(), back.toString(), database);
    try (StoreFixture fixture = new StoreFixture(back)) {
      assertThat(fixture.messages(fixture.mailbox(ALICE, "INBOX"))).hasSize(MESSAGES);
    }
  }

  private static void fill(StoreFixture fixture) throws Exception {
    MailboxId inbox = fixture.mailbox(ALICE, "INBOX");
    List<Commit.Filing> filings = List.of(new Commit.Filing(inbox, Flags.NONE, NOW));
    for (int from = 0; from < MESSAGES; from += TOGETHER) {
      List<Commit.Deposit> deposits = new ArrayList<>();
      for (int i = from; i < Math.min(MESSAGES, from + TOGETHER); i++) {
        deposits.add(new Commit.Deposit(MessageSource.of(noise(i, OCTETS)), filings, List.of()));
      }
      fixture.store.commit(new Commit(deposits, List.of()));
    }
  }

  private static void move(String from, String to, Database database) throws Exception {
    Process child =
        new ProcessBuilder(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-XX:+UseSerialGC",
                "-Xmx" + HEAP,
                "-cp",
                System.getProperty(
                    "surefire.test.class.path", System.getProperty("java.class.path")),
                MigrationMemoryTest.class.getName(),
                from,
                to,
                database.user(),
                database.password())
            .inheritIO()
            .start();
    assertThat(child.waitFor()).isZero();
  }

  /** From the first place to the second; user and password are those of the database. */
  public static void main(String[] args) throws Exception {
    var _ = Migration.run(place(args, 0), place(args, 1), CLOCK, Progress.NONE);
  }

  private static StorePlace place(String[] args, int index) {
    return args[index].startsWith("jdbc:")
        ? new StorePlace.Shared(
            SharedSettings.of(Path.of("."), args[index], args[2], Optional.of(args[3])))
        : new StorePlace.Local(Path.of(args[index]));
  }
}
