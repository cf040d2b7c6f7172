package dev.postrider.storage.sql;

import static org.assertj.core.api.Assertions.assertThat;

import dev.postrider.storage.StoreException;
import dev.postrider.storage.log.LogPosition;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class H2DatabaseTest {

  private static final int READERS = 40;

  @TempDir Path directory;

  /** All connections are with readers who wait for the end of a transaction, as it does. */
  @Test
  void checkpointWaitsBesideMoreReadersThanThereAreConnections() throws Exception {
    H2Database database = H2Database.open(directory);
    Checkpoints checkpoints = new Checkpoints(database);
    ExecutorService threads = Executors.newFixedThreadPool(READERS + 1);
    List<CompletableFuture<Boolean>> all = new ArrayList<>();
    database.transaction().lock();
    try {
      all.add(CompletableFuture.supplyAsync(() -> write(checkpoints), threads));
      awaitWaiting(database, 1);
      for (int i = 0; i < READERS; i++) {
        all.add(CompletableFuture.supplyAsync(() -> read(database), threads));
      }
      // As many as there are connections.
      awaitWaiting(database, 16);
    } finally {
      database.transaction().unlock();
    }
    for (CompletableFuture<Boolean> one : all) {
      assertThat(one.get(30, TimeUnit.SECONDS)).isNotNull();
    }
    threads.shutdown();
    database.close();
  }

  private static void awaitWaiting(H2Database database, int threads) {
    while (database.transaction().getQueueLength() < threads) {
      Thread.onSpinWait();
    }
  }

  private static boolean write(Checkpoints checkpoints) {
    try {
      checkpoints.forgetFacts();
      return checkpoints.write(LogPosition.START);
    } catch (StoreException e) {
      throw new IllegalStateException(e);
    }
  }

  private static boolean read(H2Database database) {
    try {
      return database.readAtOneMoment(session -> true);
    } catch (StoreException e) {
      throw new IllegalStateException(e);
    }
  }
}
