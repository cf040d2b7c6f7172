package dev.postrider.integration.proof;

import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.LockSupport;

/** One round of load: it goes on until it is stopped, or a server dies. */
final class Load {

  private final AtomicLong numbers;
  private final Semaphore acknowledgements = new Semaphore(0);
  private final AtomicLong acknowledged = new AtomicLong();
  private final CountDownLatch stop = new CountDownLatch(1);

  /**
   * @param numbers gives each message its number, over all rounds
   */
  Load(AtomicLong numbers) {
    this.numbers = numbers;
  }

  long nextNumber() {
    return numbers.incrementAndGet();
  }

  void acknowledged() {
    acknowledged.incrementAndGet();
    acknowledgements.release();
  }

  long count() {
    return acknowledged.get();
  }

  boolean goesOn() {
    return stop.getCount() > 0;
  }

  void stop() {
    stop.countDown();
  }

  /** For who finds nothing to do. */
  void pause() {
    lull(2);
  }

  /** Before the world outside is asked again, which tells nobody when it changes. */
  static void lull(long millis) {
    LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(millis));
  }

  /** Returns when so many operations were acknowledged, and some microseconds later. */
  boolean await(int operations, long micros) throws InterruptedException {
    boolean reached = acknowledgements.tryAcquire(operations, 120, TimeUnit.SECONDS);
    return reached && !stop.await(micros, TimeUnit.MICROSECONDS);
  }
}
