package dev.postrider.storage.changes;

import dev.postrider.storage.accounts.AccountId;
import dev.postrider.storage.mailboxes.MailboxId;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;

/**
 * The change feed of one process. Callers: the store alone announces; everyone may subscribe.
 *
 * <p>A subscription holds one bit. {@link #announce} sets it, {@code await} takes it; so nothing
 * has to be kept for a slow reader. A listener keeps what it wants.
 */
public final class Signals implements ChangeFeed {

  /** A longer wait is cut to this, so that it fits a count of nanoseconds. */
  private static final Duration LONGEST_WAIT = Duration.ofDays(365);

  private final ConcurrentMap<Topic, Set<Listener>> listeners = new ConcurrentHashMap<>();

  private sealed interface Topic {}

  private record MailboxTopic(MailboxId mailbox) implements Topic {}

  private record AccountTopic(AccountId account) implements Topic {}

  private record QueueTopic() implements Topic {}

  @Override
  public Subscription mailbox(MailboxId mailbox) {
    return subscribe(new MailboxTopic(mailbox));
  }

  @Override
  public Subscription account(AccountId account) {
    return subscribe(new AccountTopic(account));
  }

  @Override
  public Subscription queue() {
    return subscribe(new QueueTopic());
  }

  @Override
  public Listening mailbox(MailboxId mailbox, Runnable moved) {
    Topic topic = new MailboxTopic(mailbox);
    Listener listener = moved::run;
    add(topic, listener);
    return () -> remove(topic, listener);
  }

  /** Tells everyone concerned, after {@code changes} can be seen. */
  public void announce(List<Change> changes) {
    for (Change change : changes) {
      switch (change) {
        case Change.InMailbox in -> signal(new MailboxTopic(in.mailbox()));
        case Change.MailboxDeleted deleted -> {
          signal(new MailboxTopic(deleted.mailbox()));
          signal(new AccountTopic(deleted.account()));
        }
        case Change.AccessChanged changed -> {
          // Who has it open may have to leave.
          signal(new MailboxTopic(changed.mailbox()));
          signal(new AccountTopic(changed.account()));
        }
        case Change.OfAccount of -> signal(new AccountTopic(of.account()));
        case Change.QueueDone done -> {}
        case Change.InQueue in -> signal(new QueueTopic());
        case Change.OfBody other -> {}
        case Change.RecentTaken taken -> {}
        case Change.Forgotten forgotten -> {}
        case Change.Standing other -> {}
      }
    }
  }

  /** Another process changed the mailbox. */
  public void mailboxMoved(MailboxId mailbox) {
    signal(new MailboxTopic(mailbox));
  }

  /** Another process changed the account. */
  public void accountMoved(AccountId account) {
    signal(new AccountTopic(account));
  }

  /** Another process changed the queue. */
  public void queueMoved() {
    signal(new QueueTopic());
  }

  /** Something may have been missed. */
  public void anythingMoved() {
    for (Topic topic : listeners.keySet()) {
      signal(topic);
    }
  }

  private void signal(Topic topic) {
    Set<Listener> concerned = listeners.get(topic);
    if (concerned != null) {
      concerned.forEach(Listener::signal);
    }
  }

  private Subscription subscribe(Topic topic) {
    Waiter waiter = new Waiter(topic);
    add(topic, waiter);
    return waiter;
  }

  private void add(Topic topic, Listener listener) {
    listeners.compute(
        topic,
        (key, present) -> {
          Set<Listener> all = present == null ? ConcurrentHashMap.newKeySet() : present;
          all.add(listener);
          return all;
        });
  }

  private void remove(Topic topic, Listener listener) {
    listeners.computeIfPresent(
        topic,
        (key, all) -> {
          all.remove(listener);
          return all.isEmpty() ? null : all;
        });
  }

  /** What a signal comes to. Each is another, whatever it does. */
  private interface Listener {
    void signal();
  }

  private final class Waiter implements Subscription, Listener {
    private final Topic topic;
    private final ReentrantLock lock = new ReentrantLock();
    private final Condition moved = lock.newCondition();
    private boolean signalled;
    private boolean woken;
    private boolean closed;

    Waiter(Topic topic) {
      this.topic = topic;
    }

    @Override
    public void signal() {
      lock.lock();
      try {
        signalled = true;
        moved.signalAll();
      } finally {
        lock.unlock();
      }
    }

    @Override
    public boolean await(Duration atMost) {
      lock.lock();
      try {
        long left = (atMost.compareTo(LONGEST_WAIT) < 0 ? atMost : LONGEST_WAIT).toNanos();
        while (!signalled && !woken && !closed && left > 0) {
          left = moved.awaitNanos(left);
        }
        if (woken || closed) {
          woken = false;
          return false;
        }
        boolean look = signalled;
        signalled = false;
        return look;
      } catch (InterruptedException e) {
        // Nobody interrupts threads here; if someone does, it is a wish to stop waiting.
        return false;
      } finally {
        lock.unlock();
      }
    }

    @Override
    public void wake() {
      lock.lock();
      try {
        woken = true;
        moved.signalAll();
      } finally {
        lock.unlock();
      }
    }

    @Override
    public void close() {
      lock.lock();
      try {
        closed = true;
        moved.signalAll();
      } finally {
        lock.unlock();
      }
      remove(topic, this);
    }
  }
}
