package dev.postrider.server.net;

import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The connections that are being served, and the signal to end them. Threads: any. */
final class Sessions {

  private static final Logger log = LoggerFactory.getLogger(Sessions.class);

  private final Admission admission;
  private final SessionIds ids;
  private final ReentrantLock lock = new ReentrantLock();
  private final Condition none = lock.newCondition();
  private final Set<Running> running = new HashSet<>();
  private volatile boolean draining;

  Sessions(Admission admission, SessionIds ids) {
    this.admission = admission;
    this.ids = ids;
  }

  Admission admission() {
    return admission;
  }

  String nextId() {
    return ids.next();
  }

  /** One connection being served; what it wants done when draining begins goes with it. */
  final class Running implements ConnectionHandler.Drain {
    private final SocketConnection connection;
    private final List<Runnable> actions = new ArrayList<>(1);

    private Running(SocketConnection connection) {
      this.connection = connection;
    }

    @Override
    public boolean isDraining() {
      return draining;
    }

    @Override
    public void onDrain(Runnable action) {
      boolean now;
      lock.lock();
      try {
        now = draining;
        if (!now) {
          actions.add(action);
        }
      } finally {
        lock.unlock();
      }
      if (now) {
        runApart(action);
      }
    }

    private void runApart(Runnable action) {
      Thread.ofVirtual()
          .name("net-drain-" + connection.id())
          .uncaughtExceptionHandler(
              (thread, e) -> log.error("net.drain-failed session={}", connection.id(), e))
          .start(action);
    }
  }

  Running begin(SocketConnection connection) {
    Running one = new Running(connection);
    lock.lock();
    try {
      running.add(one);
    } finally {
      lock.unlock();
    }
    return one;
  }

  void end(Running one) {
    lock.lock();
    try {
      running.remove(one);
      if (running.isEmpty()) {
        none.signalAll();
      }
    } finally {
      lock.unlock();
    }
  }

  int count() {
    lock.lock();
    try {
      return running.size();
    } finally {
      lock.unlock();
    }
  }

  void drain() {
    List<Running> all;
    lock.lock();
    try {
      draining = true;
      all = List.copyOf(running);
    } finally {
      lock.unlock();
    }
    // Nothing is added any more: whoever comes later sees draining, and runs its action itself.
    for (Running one : all) {
      one.actions.forEach(one::runApart);
    }
  }

  /** Closes every connection under its session. */
  void abort() {
    List<Running> all;
    lock.lock();
    try {
      all = List.copyOf(running);
    } finally {
      lock.unlock();
    }
    all.forEach(one -> one.connection.abort());
  }

  /** Whether there is no session left within that time. */
  boolean awaitNone(Duration atMost) {
    long left = atMost.toNanos();
    lock.lock();
    try {
      while (!running.isEmpty()) {
        if (left <= 0) {
          return false;
        }
        left = none.awaitNanos(left);
      }
      return true;
    } catch (InterruptedException e) {
      // Nobody interrupts here; if somebody does, waiting is over.
      return false;
    } finally {
      lock.unlock();
    }
  }
}
