package dev.postrider.storage.sql;

import java.io.IOException;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What becomes of a write of H2 that finds the disk full.
 *
 * <p>H2 2.4.240 closes itself at the first write that fails, and every connection with it. But it
 * writes behind the back of its users, from memory, and can as well be kept waiting: reading goes
 * on, and so does what is committed, until its memory is full. So while the store is in use, the
 * write waits here and is tried again until there is room; {@link #isAwaited} tells the store to
 * take nothing more meanwhile. While the store is opened or closed there is nobody who could be
 * told, so the write fails.
 *
 * <p>Threads: the one that writes waits; any may ask.
 */
final class DiskRoom {

  private static final Logger log = LoggerFactory.getLogger(DiskRoom.class);

  /** How long until a write is tried again. */
  private static final long RETRY_MILLIS = 100;

  private volatile CountDownLatch givenUp = new CountDownLatch(0);
  private volatile boolean awaited;
  private volatile boolean missed;

  /** From now on a write waits for room. */
  void beginWaiting() {
    givenUp = new CountDownLatch(1);
  }

  /** From now on a write fails when there is no room, and so does one that waits. */
  void stopWaiting() {
    givenUp.countDown();
  }

  /** Whether a write waits. */
  boolean isAwaited() {
    return awaited;
  }

  /** Whether a write failed for lack of room, after which H2 is closed. */
  boolean wasMissed() {
    return missed;
  }

  /** Returns whether to try again, some time after {@code full}. */
  boolean awaitAfter(IOException full) {
    CountDownLatch stop = givenUp;
    if (stop.getCount() > 0 && !awaited) {
      awaited = true;
      log.error("store.no-room projection=waits cause=\"{}\"", full.getMessage());
    }
    boolean again = !isOver(stop);
    if (!again) {
      awaited = false;
      missed = true;
    }
    return again;
  }

  /** A write succeeded. */
  void found() {
    if (awaited) {
      awaited = false;
      log.info("store.room-found projection=goes-on");
    }
  }

  private static boolean isOver(CountDownLatch stop) {
    try {
      return stop.await(RETRY_MILLIS, TimeUnit.MILLISECONDS);
    } catch (InterruptedException e) {
      // Nobody may interrupt H2; who does it all the same gets the failure at once.
      return true;
    }
  }
}
