package dev.postrider.storage;

import dev.postrider.storage.log.LogPosition;
import dev.postrider.storage.sql.Checkpoints;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Forces the projection to disk from time to time, so that a start has little to replay. On a
 * platform thread of its own: it waits for the disk, and nobody waits for it.
 */
final class Checkpointer implements AutoCloseable {

  private static final Logger log = LoggerFactory.getLogger(Checkpointer.class);

  /** Checkpoints that are written only to make the file smaller, after the last change. */
  private static final int TIDYING_MAX = 60;

  private final Checkpoints checkpoints;
  private final Duration interval;
  private final Consumer<StoreException> onFailure;
  private final CountDownLatch stop = new CountDownLatch(1);
  private final CompletableFuture<Void> ended = new CompletableFuture<>();
  private volatile @Nullable LogPosition applied;
  private @Nullable LogPosition written;
  private final AtomicReference<@Nullable CompletableFuture<Void>> wanted = new AtomicReference<>();

  Checkpointer(Checkpoints checkpoints, Duration interval, Consumer<StoreException> onFailure) {
    this.checkpoints = checkpoints;
    this.interval = interval;
    this.onFailure = onFailure;
  }

  void start() {
    Thread.ofPlatform().name("store-checkpointer").daemon().start(this::run);
  }

  /** The tables have everything before {@code position} now. */
  void applied(LogPosition position) {
    applied = position;
  }

  /**
   * Returns when both checkpoints are at, or behind, what was applied before. Only one thread at a
   * time may wait. Throws CLOSED.
   */
  void awaitBoth() throws StoreException {
    CompletableFuture<Void> both = new CompletableFuture<>();
    wanted.set(both);
    try {
      CompletableFuture.anyOf(both, ended).join();
    } catch (CompletionException e) {
      throw new StoreException(StoreException.Kind.FATAL, "no checkpoint: " + e.getMessage(), e);
    }
    if (!both.isDone()) {
      throw new StoreException(StoreException.Kind.CLOSED, "the store is closing");
    }
  }

  private void run() {
    try {
      int tidying = 0;
      while (!stop.await(interval.toMillis(), TimeUnit.MILLISECONDS)) {
        // Who waits applied something before; so that is looked at after.
        CompletableFuture<Void> waiting = wanted.getAndSet(null);
        LogPosition position = applied;
        boolean isNew = position != null && (waiting != null || !position.equals(written));
        tidying = isNew ? TIDYING_MAX : tidying - 1;
        if (position != null && (isNew || tidying > 0)) {
          tidying = checkpoints.write(position) ? tidying : 0;
          written = position;
        }
        if (waiting != null) {
          if (position != null) {
            var _ = checkpoints.write(position);
          }
          waiting.complete(null);
        }
      }
    } catch (StoreException e) {
      if (e.kind() == StoreException.Kind.NO_SPACE) {
        // Only while the store closes; else it waits for room.
        log.warn("store.no-room checkpoint=given-up cause=\"{}\"", e.getMessage());
      } else {
        onFailure.accept(e);
      }
    } catch (InterruptedException e) {
      onFailure.accept(
          new StoreException(StoreException.Kind.FATAL, "the checkpointer was interrupted", e));
    } finally {
      ended.complete(null);
    }
  }

  /** Ends the thread; what is applied by then is not written. */
  @Override
  public void close() {
    stop.countDown();
    // H2 may not be closed while a checkpoint is under way.
    ended.join();
  }
}
