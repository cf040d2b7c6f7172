package dev.postrider.server.net;

import java.time.Duration;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.TimeUnit;

/**
 * The one thread that ends what takes too long. It closes channels and does nothing else: what it
 * runs must not block.
 */
final class Deadlines implements AutoCloseable {

  private final ScheduledThreadPoolExecutor executor;

  Deadlines() {
    executor =
        new ScheduledThreadPoolExecutor(
            1, Thread.ofPlatform().daemon().name("net-deadlines").factory());
    executor.setRemoveOnCancelPolicy(true);
    executor.setExecuteExistingDelayedTasksAfterShutdownPolicy(false);
  }

  /** Runs {@code action} after {@code delay} unless the result is cancelled before. */
  ScheduledFuture<?> after(Duration delay, Runnable action) {
    return executor.schedule(action, delay.toNanos(), TimeUnit.NANOSECONDS);
  }

  /** What is still waiting never happens. */
  @Override
  public void close() {
    executor.shutdown();
  }
}
