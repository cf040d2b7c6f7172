package dev.postrider.storage;

import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Does now and then what nobody waits for, on a platform thread of its own. A task that fails is
 * told in the log and tried again next time: the store works without it.
 */
final class Upkeep implements AutoCloseable {

  private static final Logger log = LoggerFactory.getLogger(Upkeep.class);

  private final Duration interval;
  private final List<Task> tasks;
  private final CountDownLatch stop = new CountDownLatch(1);
  private final CompletableFuture<Void> ended = new CompletableFuture<>();

  /** Throws CLOSED when it gives up as the store is about to close. */
  interface Task {
    void run() throws StoreException;
  }

  Upkeep(Duration interval, List<Task> tasks) {
    this.interval = interval;
    this.tasks = List.copyOf(tasks);
  }

  void start() {
    Thread.ofPlatform().name("store-upkeep").daemon().start(this::run);
  }

  private void run() {
    try {
      while (!stop.await(interval.toMillis(), TimeUnit.MILLISECONDS)) {
        for (Task task : tasks) {
          attempt(task);
        }
      }
    } catch (InterruptedException e) {
      log.warn("store.interrupted thread={}", Thread.currentThread().getName());
    } finally {
      ended.complete(null);
    }
  }

  private void attempt(Task task) {
    try {
      if (stop.getCount() > 0) {
        task.run();
      }
    } catch (StoreException e) {
      if (e.kind() != StoreException.Kind.CLOSED) {
        log.warn("store.upkeep-failed cause=\"{}\"", e.getMessage(), e);
      }
    } catch (RuntimeException e) {
      log.error("store.upkeep-defect", e);
    }
  }

  /** Returns when what is under way has come to an end. */
  @Override
  public void close() {
    stop.countDown();
    ended.join();
  }
}
