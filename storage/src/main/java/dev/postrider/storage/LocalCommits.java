package dev.postrider.storage;

import dev.postrider.storage.changes.Commits;
import dev.postrider.storage.log.GroupCommit;
import dev.postrider.storage.mailboxes.MailboxId;
import dev.postrider.storage.messages.MessageSource;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.locks.ReentrantLock;

/**
 * Commits through the log of this process. A commit is visible when it returns; so what a lock was
 * held for is still so when the lock is given back.
 */
final class LocalCommits implements Commits {

  /** Mailboxes share locks; more of them would only make waiting rarer. */
  private static final int LOCKS = 256;

  private final GroupCommit log;
  private final ReentrantLock structure = new ReentrantLock();
  private final ReentrantLock[] messages = new ReentrantLock[LOCKS];

  LocalCommits(GroupCommit log) {
    this.log = log;
    for (int i = 0; i < LOCKS; i++) {
      messages[i] = new ReentrantLock();
    }
  }

  @Override
  public <T> T commit(List<? extends MessageSource> bodies, Plan<T> plan) throws StoreException {
    return log.commit(bodies, plan::plan);
  }

  @Override
  public <T> CompletableFuture<T> submit(Plan<T> plan) {
    return log.submit(List.of(), plan::plan);
  }

  @Override
  public <T> T whileStructureStands(Work<T> work) throws StoreException {
    return holding(structure, work);
  }

  /** Other mailboxes only get what is new. */
  @Override
  public <T> T whileMessagesStand(MailboxId mailbox, List<MailboxId> others, Work<T> work)
      throws StoreException {
    return holding(messages[Math.floorMod(mailbox.value(), LOCKS)], work);
  }

  private static <T> T holding(ReentrantLock lock, Work<T> work) throws StoreException {
    lock.lock();
    try {
      return work.run();
    } finally {
      lock.unlock();
    }
  }
}
