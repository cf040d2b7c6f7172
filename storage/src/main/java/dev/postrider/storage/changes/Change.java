package dev.postrider.storage.changes;

import dev.postrider.protocol.address.MailAddress;
import dev.postrider.protocol.text.Octets;
import dev.postrider.storage.accounts.AccountId;
import dev.postrider.storage.mailboxes.Grantee;
import dev.postrider.storage.mailboxes.MailboxId;
import dev.postrider.storage.mailboxes.Rights;
import dev.postrider.storage.mailboxes.SpecialUse;
import dev.postrider.storage.messages.BodyId;
import dev.postrider.storage.messages.Flags;
import dev.postrider.storage.messages.ModSeq;
import dev.postrider.storage.messages.Uid;
import dev.postrider.storage.messages.UidSet;
import dev.postrider.storage.queue.QueueEntry;
import dev.postrider.storage.queue.QueueId;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * One thing that happened, with every number already in it. The log holds changes, and everything
 * else is made from them: rows, warm indexes, signals. So a change says what is so afterwards, not
 * how it came about, and carrying it out twice is the same as once.
 */
public sealed interface Change {

  /** Octets that are worth one change where changes are gathered. */
  int OCTETS_OF_ONE = 1024;

  /** How many usual changes this one is worth, in memory: who gathers some counts by it. */
  default int weight() {
    return 1;
  }

  /** A change of what is in a mailbox; it has a MODSEQ. */
  sealed interface InMailbox extends Change {
    MailboxId mailbox();

    ModSeq modSeq();
  }

  /** A change of where bodies are, and of what is known of them; clients see nothing of it. */
  sealed interface OfBody extends Change {}

  /** A change of what waits for other servers. */
  sealed interface InQueue extends Change {}

  /** A change of an account: itself, its mailboxes, its subscriptions. */
  sealed interface OfAccount extends Change {
    AccountId account();
  }

  /**
   * What a snapshot says, and the log never does, as it follows there from other changes: counters,
   * and what is left of what is gone.
   */
  sealed interface Standing extends Change {}

  /** The highest numbers that were given. */
  record NumbersGiven(long account, long mailbox, long body, long queueEntry) implements Standing {}

  /** The highest UIDVALIDITY that a mailbox of the account ever had. */
  record AccountCounted(AccountId account, long lastUidValidity) implements Standing {}

  record MailboxCounted(MailboxId mailbox, long uidNext, ModSeq highestModSeq, long firstRecent)
      implements Standing {}

  /** A mailbox that was deleted, from which messages can be brought back. */
  record MailboxWas(MailboxId mailbox, AccountId account, String name, Instant at)
      implements Standing {}

  /** A message that was expunged and can be brought back. */
  record ExpungedKept(
      MailboxId mailbox,
      Uid uid,
      ModSeq modSeq,
      BodyId body,
      long octets,
      Flags flags,
      Instant internalDate,
      Instant at)
      implements Standing {}

  /** The bytes of a message are in the log. */
  record BodyStored(BodyId body, BodyLocation location) implements OfBody {}

  /** The same bytes are in another place of the log now. */
  record BodyMoved(BodyId body, BodyLocation location) implements OfBody {}

  /**
   * What was found in the bytes of a message. It says the same whenever they are looked at, unless
   * by another version; of a body that is gone it says nothing.
   */
  record Described(BodyId body, BodyDescription description) implements OfBody {
    @Override
    public int weight() {
      return 1 + description.octets().length / OCTETS_OF_ONE;
    }
  }

  /** Nobody needs these bodies any more, nor what was found in them. */
  record BodiesDropped(List<BodyId> bodies) implements OfBody {
    public BodiesDropped {
      bodies = List.copyOf(bodies);
    }

    @Override
    public int weight() {
      return bodies.size();
    }
  }

  /** The segment holds nothing any more that anybody needs, and may be gone. */
  record SegmentDropped(int segment) implements OfBody {}

  /**
   * A message is in a mailbox: new, or a copy of one whose body was stored earlier.
   *
   * @param saved when it came there, to the second; null where nobody wrote it down
   */
  record MessageFiled(
      MailboxId mailbox,
      Uid uid,
      ModSeq modSeq,
      BodyId body,
      long octets,
      Flags flags,
      Instant internalDate,
      @Nullable Instant saved)
      implements InMailbox {}

  /** Messages have these flags now. */
  record FlagsChanged(MailboxId mailbox, ModSeq modSeq, List<FlagGroup> groups)
      implements InMailbox {
    public FlagsChanged {
      groups = List.copyOf(groups);
    }
  }

  /** Messages that have the same flags afterwards. */
  record FlagGroup(Flags flags, UidSet uids) {}

  /**
   * Messages left a mailbox.
   *
   * @param at when, to the millisecond
   * @param recoverable false when they went to another mailbox: there is nothing to bring back
   */
  record Expunged(MailboxId mailbox, ModSeq modSeq, UidSet uids, Instant at, boolean recoverable)
      implements InMailbox {}

  /**
   * Messages that were expunged cannot be brought back any more: they were, or their time is over.
   * That they were expunged, and at which MODSEQ, is still known while the mailbox exists.
   */
  record Forgotten(MailboxId mailbox, UidSet uids) implements Change {}

  /** Messages with a lower UID than {@code firstRecent} were announced as recent. */
  record RecentTaken(MailboxId mailbox, Uid firstRecent) implements Change {}

  record MailboxCreated(
      MailboxId mailbox,
      AccountId account,
      String name,
      long uidValidity,
      Optional<SpecialUse> specialUse)
      implements OfAccount {}

  record MailboxRenamed(MailboxId mailbox, AccountId account, String name) implements OfAccount {}

  /**
   * The mailbox is gone, with all that was in it.
   *
   * @param at when, to the millisecond
   * @param recoverable false when the account goes too
   */
  record MailboxDeleted(MailboxId mailbox, AccountId account, Instant at, boolean recoverable)
      implements OfAccount {}

  record Subscribed(AccountId account, String name) implements OfAccount {}

  record Unsubscribed(AccountId account, String name) implements OfAccount {}

  /**
   * What others may do with the mailbox has changed.
   *
   * @param account the owner
   * @param rights of the entry, in the place of those it had; none when there is no entry any more
   */
  record AccessChanged(MailboxId mailbox, AccountId account, Grantee grantee, Rights rights)
      implements OfAccount {}

  /**
   * Something is noted of a mailbox, or not any more.
   *
   * @param account for which it counts: the owner, or the one for which alone it is there
   * @param mailbox empty: of the server
   */
  record Annotated(
      AccountId account, Optional<MailboxId> mailbox, String entry, Optional<Octets> value)
      implements OfAccount {
    @Override
    public int weight() {
      return 1 + value.map(Octets::length).orElse(0) / OCTETS_OF_ONE;
    }

    /** Without the value. */
    @Override
    public String toString() {
      return "Annotated[" + account + ", " + mailbox + ", " + entry + "]";
    }
  }

  record QueueAdded(QueueEntry entry) implements InQueue {}

  /** An attempt was made and is to be repeated. {@code attempts} counts it. */
  record QueueDeferred(
      QueueId entry, Instant nextAttempt, int attempts, String lastReply, boolean delayNoticed)
      implements InQueue {}

  record QueueDone(QueueId entry) implements InQueue {}

  record QueueRescheduled(QueueId entry, Instant nextAttempt) implements InQueue {}

  record AccountCreated(AccountId account, MailAddress address, String credential)
      implements OfAccount {

    /** Without the credential. */
    @Override
    public String toString() {
      return "AccountCreated[" + account.value() + ", " + address + "]";
    }
  }

  record CredentialChanged(AccountId account, String credential) implements OfAccount {

    /** Without the credential. */
    @Override
    public String toString() {
      return "CredentialChanged[" + account.value() + "]";
    }
  }

  /** The account is gone; its mailboxes were deleted before, in the same batch. */
  record AccountRemoved(AccountId account) implements OfAccount {}
}
