package dev.postrider.storage.changes;

import dev.postrider.storage.StoreException;
import dev.postrider.storage.StoreException.Kind;
import dev.postrider.storage.accounts.AccountId;
import dev.postrider.storage.mailboxes.MailboxId;
import dev.postrider.storage.messages.BodyId;
import dev.postrider.storage.messages.ModSeq;
import dev.postrider.storage.messages.Uid;
import dev.postrider.storage.queue.QueueId;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * The numbers that are given next, and what exists as of the end of the log, which may be ahead of
 * what readers see. Only the writer of the log uses it, so numbers are given in the order of the
 * log.
 *
 * <p>A number that was taken is not given back when its change fails: UIDs and MODSEQs may have
 * gaps. What exists changes in {@link #advance} alone, after the change is in the log.
 */
public final class Numbers {

  private long account;
  private long mailbox;
  private long body;
  private long queueEntry;
  private final Map<MailboxId, Counters> mailboxes = new HashMap<>();
  private final Set<QueueId> queue = new HashSet<>();

  /** The highest numbers that were ever given. */
  public Numbers(long account, long mailbox, long body, long queueEntry) {
    this.account = account;
    this.mailbox = mailbox;
    this.body = body;
    this.queueEntry = queueEntry;
  }

  public AccountId nextAccount() {
    return new AccountId(++account);
  }

  public MailboxId nextMailbox() throws StoreException {
    if (mailbox == MailboxId.MAX) {
      throw new StoreException(Kind.REFUSED, "no mailbox numbers left");
    }
    return new MailboxId(++mailbox);
  }

  public BodyId nextBody() {
    return new BodyId(++body);
  }

  public QueueId nextQueueEntry() {
    return new QueueId(++queueEntry);
  }

  /** Throws NOT_FOUND. */
  public Counters mailbox(MailboxId id) throws StoreException {
    Counters counters = mailboxes.get(id);
    if (counters == null) {
      throw new StoreException(Kind.NOT_FOUND, "mailbox " + id.value() + " does not exist");
    }
    return counters;
  }

  /** Throws NOT_FOUND. */
  public void requireQueued(QueueId id) throws StoreException {
    if (!queue.contains(id)) {
      throw new StoreException(Kind.NOT_FOUND, "queue entry " + id.value() + " does not exist");
    }
  }

  /** Takes over a mailbox from the rows of an earlier run. */
  public void restore(MailboxId id, Counters counters) {
    mailboxes.put(id, counters);
  }

  /** Takes over a queue entry from the rows of an earlier run. */
  public void restore(QueueId id) {
    queue.add(id);
  }

  /** What exists once {@code changes} are in the log. */
  public void advance(List<Change> changes) {
    for (Change change : changes) {
      switch (change) {
        case Change.MailboxCreated created ->
            mailboxes.put(created.mailbox(), new Counters(created.uidValidity(), 1, 1));
        case Change.MailboxDeleted deleted -> mailboxes.remove(deleted.mailbox());
        case Change.MessageFiled filed -> {
          Counters counters = mailboxes.get(filed.mailbox());
          if (counters != null) {
            counters.atLeast(filed.uid(), filed.modSeq());
          }
        }
        case Change.QueueAdded added -> queue.add(added.entry().id());
        case Change.QueueDone done -> queue.remove(done.entry());
        case Change.BodyStored other -> {}
        case Change.InMailbox other -> {}
        case Change.RecentTaken other -> {}
        case Change.Forgotten other -> {}
        case Change.Standing other -> {}
        case Change.OfAccount other -> {}
        case Change.InQueue other -> {}
      }
    }
  }

  /** The numbers of one mailbox. */
  public static final class Counters {
    private final long uidValidity;
    private long uidNext;
    private long highestModSeq;

    public Counters(long uidValidity, long uidNext, long highestModSeq) {
      this.uidValidity = uidValidity;
      this.uidNext = uidNext;
      this.highestModSeq = highestModSeq;
    }

    public long uidValidity() {
      return uidValidity;
    }

    /** Throws REFUSED when the mailbox has used up its UIDs. */
    public Uid nextUid() throws StoreException {
      if (uidNext > Uid.MAX) {
        throw new StoreException(Kind.REFUSED, "the mailbox has no UID left");
      }
      return new Uid(uidNext++);
    }

    public ModSeq nextModSeq() {
      return new ModSeq(++highestModSeq);
    }

    private void atLeast(Uid uid, ModSeq modSeq) {
      uidNext = Math.max(uidNext, uid.value() + 1);
      highestModSeq = Math.max(highestModSeq, modSeq.value());
    }
  }
}
