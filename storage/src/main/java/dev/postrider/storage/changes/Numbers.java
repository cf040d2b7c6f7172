package dev.postrider.storage.changes;

import dev.postrider.storage.StoreException;
import dev.postrider.storage.StoreException.Kind;
import dev.postrider.storage.accounts.AccountId;
import dev.postrider.storage.mailboxes.MailboxId;
import dev.postrider.storage.messages.BodyId;
import dev.postrider.storage.messages.ModSeq;
import dev.postrider.storage.messages.Uid;
import dev.postrider.storage.queue.QueueId;
import java.util.List;

/**
 * The numbers that are given next, and what exists, for one {@link Commits.Plan}.
 *
 * <p>A number that was taken may not be given back when its change fails: numbers have gaps.
 */
public interface Numbers {

  AccountId nextAccount() throws StoreException;

  MailboxId nextMailbox() throws StoreException;

  BodyId nextBody() throws StoreException;

  QueueId nextQueueEntry() throws StoreException;

  /** Throws NOT_FOUND. */
  Counters mailbox(MailboxId id) throws StoreException;

  /** Throws NOT_FOUND. */
  void requireQueued(QueueId id) throws StoreException;

  /** Throws OVER_QUOTA when {@code changes} bring an account above a limit. */
  void requireQuota(List<Change> changes) throws StoreException;

  /** The numbers of one mailbox. */
  final class Counters {
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

    void atLeast(Uid uid, ModSeq modSeq) {
      uidNext = Math.max(uidNext, uid.value() + 1);
      highestModSeq = Math.max(highestModSeq, modSeq.value());
    }
  }
}
