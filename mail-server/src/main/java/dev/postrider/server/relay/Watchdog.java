package dev.postrider.server.relay;

import java.time.Duration;
import java.util.concurrent.Future;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.TimeUnit;

/**
 * Ends what takes too long. One platform thread for all connections; what it runs only closes
 * channels and never blocks.
 */
final class Watchdog implements AutoCloseable {

  private final ScheduledThreadPoolExecutor timer =
      new ScheduledThreadPoolExecutor(
          1, Thread.ofPlatform().daemon().name("relay-watchdog").factory());

  Watchdog() {
    timer.setRemoveOnCancelPolicy(true);
    timer.setExecuteExistingDelayedTasksAfterShutdownPolicy(false);
  }

  /** Runs {@code bite} after {@code atMost}, unless the watch is cancelled before. */
  Watch watch(Duration atMost, Runnable bite) {
    Future<?> pending = timer.schedule(bite, atMost.toNanos(), TimeUnit.NANOSECONDS);
    return () -> pending.cancel(false);
  }

  @Override
  public void close() {
    timer.shutdown();
  }

  /** One thing being watched. */
  @FunctionalInterface
  interface Watch {
    void cancel();
  }
}
