package dev.postrider.storage;

import dev.postrider.storage.log.LogPosition;
import dev.postrider.storage.sql.Checkpoints;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
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

  private final Checkpoints checkpoints;
  private final Duration interval;
  private final Consumer<StoreException> onFailure;
  private final CountDownLatch stop = new CountDownLatch(1);
  private final CompletableFuture<Void> ended = new CompletableFuture<>();
  private volatile @Nullable LogPosition applied;
  private @Nullable LogPosition written;

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

  private void run() {
    try {
      while (!stop.await(interval.toMillis(), TimeUnit.MILLISECONDS)) {
        LogPosition position = applied;
        if (position != null && !position.equals(written)) {
          checkpoints.write(position);
          written = position;
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
