package dev.postrider.storage;

import static dev.postrider.storage.StoreFixture.ALICE;
import static dev.postrider.storage.StoreFixture.noise;
import static org.assertj.core.api.Assertions.assertThat;

import dev.postrider.storage.StoreException.Kind;
import dev.postrider.storage.mailboxes.MailboxId;
import dev.postrider.storage.messages.Message;
import dev.postrider.testkit.postgres.Database;
import dev.postrider.testkit.postgres.PostgresServer;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The database is killed under load, comes back, and everything goes on without a restart. */
class DatabaseKilledTest {

  private static final int ROUNDS = 3;
  private static final int WRITERS = 6;
  private static final int PER_ROUND = 60;

  @TempDir Path directory;

  private final Map<Long, Long> acknowledged = new ConcurrentSkipListMap<>();
  private final AtomicInteger unknown = new AtomicInteger();
  private final AtomicBoolean over = new AtomicBoolean();

  @Test
  void nothingAcknowledgedIsLost() throws Exception {
    try (PostgresServer server = PostgresServer.start()) {
      Database database = server.newDatabase();
      SharedSettings settings = StoreKind.settings(directory, database);
      try (StoreFixture fixture =
          new StoreFixture(SharedStore.open(settings, StoreFixture.CLOCK))) {
        MailboxId inbox = fixture.mailbox(ALICE, "INBOX");
        List<CompletableFuture<Void>> writers = new ArrayList<>();
        for (int i = 0; i < WRITERS; i++) {
          long seed = 1_000_000L * i;
          writers.add(CompletableFuture.runAsync(() -> write(fixture, inbox, seed)));
        }
        for (int round = 1; round <= ROUNDS; round++) {
          awaitAcknowledged(round * PER_ROUND);
          server.kill();
          server.startAgain();
        }
        awaitAcknowledged((ROUNDS + 1) * PER_ROUND);
        over.set(true);
        CompletableFuture.allOf(writers.toArray(CompletableFuture[]::new))
            .get(60, TimeUnit.SECONDS);
        verify(fixture, inbox);
      }
    }
  }

  private void awaitAcknowledged(int number) throws InterruptedException {
    CountDownLatch never = new CountDownLatch(1);
    for (int i = 0; i < 600 && acknowledged.size() < number; i++) {
      assertThat(never.await(100, TimeUnit.MILLISECONDS)).isFalse();
    }
    assertThat(acknowledged.size()).isGreaterThanOrEqualTo(number);
  }

  private void write(StoreFixture fixture, MailboxId inbox, long firstSeed) {
    long seed = firstSeed;
    while (!over.get()) {
      seed++;
      try {
        long uid = fixture.deposit(inbox, noise(seed, 2000)).uid().value();
        assertThat(acknowledged.put(uid, seed)).as("given twice").isNull();
      } catch (StoreException e) {
        assertThat(e.kind()).isEqualTo(Kind.UNAVAILABLE);
        unknown.addAndGet(String.valueOf(e.getMessage()).contains("nobody knows") ? 1 : 0);
      }
    }
  }

  /** The database tells what became of each commit, so nothing is there that was refused. */
  private void verify(StoreFixture fixture, MailboxId inbox) throws Exception {
    List<Message> messages = fixture.messages(inbox);
    assertThat(messages.stream().map(message -> message.uid().value()))
        .containsAll(acknowledged.keySet());
    assertThat(messages.size() - acknowledged.size()).isLessThanOrEqualTo(unknown.get());
    for (Message message : messages) {
      Long seed = acknowledged.get(message.uid().value());
      if (seed != null) {
        assertThat(fixture.read(message.body())).isEqualTo(noise(seed, 2000));
      }
    }
    assertThat(fixture.store.maintenance().verify(Progress.NONE)).isEmpty();
  }
}
