package dev.postrider.storage;

import dev.postrider.storage.accounts.AccountId;
import dev.postrider.storage.changes.Change;
import dev.postrider.storage.mailboxes.MailboxId;
import dev.postrider.storage.sql.Notices;
import dev.postrider.storage.sql.PostgresDatabase;
import java.time.Duration;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What servers of one database tell each other: that something moved, not what. Words that wait are
 * a set, so however much happens, they are few.
 *
 * <p>Two platform threads, each with a connection of its own. The teller sends what waits, after
 * the transactions that it is about; a server that dies in between leaves words untold, so every
 * server looks at all it has open now and then. The hearer hands words to the {@link Listener};
 * when its connection breaks, the listener is told, as anything may have been missed.
 */
final class SharedFeed implements AutoCloseable {

  private static final Logger log = LoggerFactory.getLogger(SharedFeed.class);

  private static final String ANYTHING = "*";
  private static final String QUEUE = "q";
  private static final char MAILBOX = 'm';
  private static final char ACCOUNT = 'a';

  /** With more than these, everybody looks at everything. */
  private static final int WAITING_MAX = 2000;

  /** Said at the end, so that our own hearer sees it. */
  private static final String FAREWELL = ".";

  /** How often to look whether the connection is alive. */
  private static final Duration HEARING = Duration.ofSeconds(10);

  private static final Duration BEFORE_NEXT_ATTEMPT = Duration.ofSeconds(1);

  private final PostgresDatabase database;
  private final String server;
  private final Listener listener;
  private final ReentrantLock lock = new ReentrantLock();
  private final Condition moved = lock.newCondition();
  private final Set<String> waiting = new LinkedHashSet<>();
  private final CountDownLatch closing = new CountDownLatch(1);
  private final CompletableFuture<Void> tellerEnded = new CompletableFuture<>();
  private final CompletableFuture<Void> hearerEnded = new CompletableFuture<>();

  /** Is told what other servers did. On the hearer. */
  interface Listener {
    void mailboxMoved(MailboxId mailbox);

    void accountMoved(AccountId account);

    void queueMoved();

    /** From now on nothing is heard. */
    void deaf();

    /** From now on everything is heard again; what was before may have been missed. */
    void hearing();

    /** Something may have been missed. */
    void anythingMoved();
  }

  /** {@code server} names this run of this server. */
  SharedFeed(PostgresDatabase database, String server, Listener listener) {
    this.database = database;
    this.server = server;
    this.listener = listener;
  }

  void start() {
    Thread.ofPlatform().name("store-teller").daemon().start(this::tellAll);
    Thread.ofPlatform().name("store-hearer").daemon().start(this::hearAll);
  }

  /** Lets the other servers know of {@code changes}, which were committed. */
  void tell(List<Change> changes) {
    lock.lock();
    try {
      for (Change change : changes) {
        switch (change) {
          case Change.InMailbox in -> say(MAILBOX, in.mailbox().value());
          case Change.RecentTaken taken -> say(MAILBOX, taken.mailbox().value());
          case Change.MailboxDeleted deleted -> {
            say(MAILBOX, deleted.mailbox().value());
            say(ACCOUNT, deleted.account().value());
          }
          case Change.AccessChanged changed -> {
            say(MAILBOX, changed.mailbox().value());
            say(ACCOUNT, changed.account().value());
            changed
                .grantee()
                .account()
                .ifPresentOrElse(
                    account -> say(ACCOUNT, account.value()), () -> waiting.add(ANYTHING));
          }
          case Change.OfAccount of -> say(ACCOUNT, of.account().value());
          case Change.InQueue in -> waiting.add(QUEUE);
          case Change.OfBody other -> {}
          case Change.Forgotten other -> {}
          case Change.Standing other -> {}
        }
      }
      if (waiting.size() > WAITING_MAX) {
        waiting.clear();
        waiting.add(ANYTHING);
      }
      moved.signal();
    } finally {
      lock.unlock();
    }
  }

  private void say(char topic, long number) {
    waiting.add(String.valueOf(topic) + number);
  }

  private void tellAll() {
    try {
      while (closing.getCount() > 0) {
        try (Notices notices = Notices.toTell(database, server)) {
          tell(notices);
        } catch (StoreException e) {
          log.warn("store.not-told cause=\"{}\"", e.getMessage());
          pause();
        }
      }
    } catch (InterruptedException e) {
      log.warn("store.interrupted thread={}", Thread.currentThread().getName());
    } finally {
      tellerEnded.complete(null);
    }
  }

  private void tell(Notices notices) throws StoreException, InterruptedException {
    while (true) {
      List<String> words = next();
      if (words.isEmpty()) {
        notices.tell(List.of(FAREWELL));
        return;
      }
      try {
        notices.tell(words);
      } catch (StoreException e) {
        again(words);
        throw e;
      }
    }
  }

  private void again(List<String> words) {
    lock.lock();
    try {
      waiting.addAll(words);
    } finally {
      lock.unlock();
    }
  }

  /** Empty when it closes and nothing waits any more. */
  private List<String> next() throws InterruptedException {
    lock.lock();
    try {
      while (waiting.isEmpty() && closing.getCount() > 0) {
        moved.await();
      }
      List<String> words = List.copyOf(waiting);
      waiting.clear();
      return words;
    } finally {
      lock.unlock();
    }
  }

  private void hearAll() {
    try {
      while (closing.getCount() > 0) {
        try (Notices notices = Notices.toHear(database, server)) {
          listener.hearing();
          hear(notices);
        } catch (StoreException e) {
          listener.deaf();
          log.warn("store.deaf cause=\"{}\"", e.getMessage());
          pause();
        }
      }
    } catch (InterruptedException e) {
      log.warn("store.interrupted thread={}", Thread.currentThread().getName());
    } finally {
      hearerEnded.complete(null);
    }
  }

  private void hear(Notices notices) throws StoreException {
    while (closing.getCount() > 0) {
      Set<String> heard = new LinkedHashSet<>();
      notices.hear((int) HEARING.toMillis(), heard::add);
      if (heard.isEmpty()) {
        notices.requireAnswer();
      }
      heard.forEach(this::pass);
    }
  }

  private void pass(String word) {
    if (word.equals(QUEUE)) {
      listener.queueMoved();
    } else if (word.equals(ANYTHING)) {
      listener.anythingMoved();
    } else if (!word.equals(FAREWELL)) {
      passNumber(word.charAt(0), word.substring(1));
    }
  }

  /** A newer server may say what this one does not know. */
  private void passNumber(char topic, String number) {
    try {
      switch (topic) {
        case MAILBOX -> listener.mailboxMoved(new MailboxId(Long.parseLong(number)));
        case ACCOUNT -> listener.accountMoved(new AccountId(Long.parseLong(number)));
        default -> listener.anythingMoved();
      }
    } catch (NumberFormatException e) {
      listener.anythingMoved();
    }
  }

  private void pause() throws InterruptedException {
    var _ = closing.await(BEFORE_NEXT_ATTEMPT.toMillis(), TimeUnit.MILLISECONDS);
  }

  /** Tells what waits, where somebody listens, and ends both threads. */
  @Override
  public void close() {
    closing.countDown();
    lock.lock();
    try {
      moved.signal();
    } finally {
      lock.unlock();
    }
    tellerEnded.join();
    hearerEnded.join();
  }
}
