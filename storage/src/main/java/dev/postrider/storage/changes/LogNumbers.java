package dev.postrider.storage.changes;

import dev.postrider.storage.StoreException;
import dev.postrider.storage.StoreException.Kind;
import dev.postrider.storage.accounts.AccountId;
import dev.postrider.storage.accounts.Quota;
import dev.postrider.storage.mailboxes.MailboxId;
import dev.postrider.storage.messages.BodyId;
import dev.postrider.storage.queue.QueueId;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * The numbers that are given next, and what exists as of the end of the log, which may be ahead of
 * what readers see. Only the writer of the log uses it, so numbers are given in the order of the
 * log. What exists changes in {@link #advance} alone, after the change is in the log.
 */
public final class LogNumbers implements Numbers {

  private long account;
  private long mailbox;
  private long body;
  private long queueEntry;
  private final Map<MailboxId, Counters> mailboxes = new HashMap<>();
  private final Set<QueueId> queue = new HashSet<>();

  /** Nobody is about a single change while so many segments are collected. */
  private static final int DROPPED_SEGMENTS_MAX = 64;

  private final LogUsage usage = new LogUsage();
  private boolean watching;
  private final Set<BodyId> filed = new HashSet<>();
  private final Deque<Set<BodyId>> dropped = new ArrayDeque<>();

  /** The highest numbers that were ever given. */
  public LogNumbers(long account, long mailbox, long body, long queueEntry) {
    this.account = account;
    this.mailbox = mailbox;
    this.body = body;
    this.queueEntry = queueEntry;
  }

  @Override
  public AccountId nextAccount() {
    return new AccountId(++account);
  }

  @Override
  public MailboxId nextMailbox() throws StoreException {
    if (mailbox == MailboxId.MAX) {
      throw new StoreException(Kind.REFUSED, "no mailbox numbers left");
    }
    return new MailboxId(++mailbox);
  }

  @Override
  public BodyId nextBody() {
    return new BodyId(++body);
  }

  @Override
  public QueueId nextQueueEntry() {
    return new QueueId(++queueEntry);
  }

  @Override
  public Counters mailbox(MailboxId id) throws StoreException {
    Counters counters = mailboxes.get(id);
    if (counters == null) {
      throw new StoreException(Kind.NOT_FOUND, "mailbox " + id.value() + " does not exist");
    }
    return counters;
  }

  @Override
  public void requireQueued(QueueId id) throws StoreException {
    if (!queue.contains(id)) {
      throw new StoreException(Kind.NOT_FOUND, "queue entry " + id.value() + " does not exist");
    }
  }

  /** Takes over a mailbox from the rows of an earlier run, with how much is in it. */
  public void restore(
      MailboxId id, AccountId owner, Counters counters, long messages, long octets) {
    mailboxes.put(id, counters);
    usage.restore(id, owner, messages, octets);
  }

  /** Takes over the limits of an account from the rows of an earlier run. */
  public void restore(AccountId id, Quota quota) {
    usage.restore(id, quota);
  }

  /** What holds for accounts without limits of their own. */
  public void limit(Quota quota) {
    usage.limit(quota);
  }

  @Override
  public void requireQuota(List<Change> changes) throws StoreException {
    usage.require(changes);
  }

  /** Takes over a queue entry from the rows of an earlier run. */
  public void restore(QueueId id) {
    queue.add(id);
  }

  /** What exists once {@code changes} are in the log. */
  public void advance(List<Change> changes) {
    for (Change change : changes) {
      usage.advance(change);
      switch (change) {
        case Change.MailboxCreated created ->
            mailboxes.put(created.mailbox(), new Counters(created.uidValidity(), 1, 1));
        case Change.MailboxDeleted deleted -> mailboxes.remove(deleted.mailbox());
        case Change.MessageFiled filed -> {
          noteFiled(filed.body());
          Counters counters = mailboxes.get(filed.mailbox());
          if (counters != null) {
            counters.atLeast(filed.uid(), filed.modSeq());
          }
        }
        case Change.QueueAdded added -> {
          noteFiled(added.entry().body());
          queue.add(added.entry().id());
        }
        case Change.QueueDone done -> queue.remove(done.entry());
        case Change.OfBody other -> {}
        case Change.InMailbox other -> {}
        case Change.RecentTaken other -> {}
        case Change.Forgotten other -> {}
        case Change.Standing other -> {}
        case Change.OfAccount other -> {}
        case Change.InQueue other -> {}
      }
    }
  }

  /** From now on it is noted which bodies are filed or queued. */
  public void watchBodies() {
    watching = true;
    filed.clear();
  }

  public void watchNoBodies() {
    watching = false;
    filed.clear();
  }

  private void noteFiled(BodyId id) {
    if (watching) {
      filed.add(id);
    }
  }

  /**
   * From now on these bodies cannot be filed any more. Returns false, and does nothing, when one of
   * them was filed since {@link #watchBodies}.
   */
  public boolean dropBodies(List<BodyId> dead) {
    if (!watching || dead.stream().anyMatch(filed::contains)) {
      return false;
    }
    dropped.addLast(Set.copyOf(dead));
    if (dropped.size() > DROPPED_SEGMENTS_MAX) {
      dropped.removeFirst();
    }
    return true;
  }

  private boolean isDropped(BodyId body) {
    return dropped.stream().anyMatch(some -> some.contains(body));
  }

  /**
   * Throws NOT_FOUND when {@code changes} file or describe a body that was dropped: whoever plans
   * them read of it while it was still there.
   */
  public void requireBodies(List<Change> changes) throws StoreException {
    if (dropped.isEmpty()) {
      return;
    }
    for (Change change : changes) {
      BodyId body = null;
      if (change instanceof Change.MessageFiled message) {
        body = message.body();
      } else if (change instanceof Change.Described described) {
        body = described.body();
      }
      if (body != null && isDropped(body)) {
        throw new StoreException(
            Kind.NOT_FOUND, "message bytes " + body.value() + " do not exist any more");
      }
    }
  }
}
