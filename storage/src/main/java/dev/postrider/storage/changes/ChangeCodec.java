package dev.postrider.storage.changes;

import dev.postrider.storage.accounts.AccountId;
import dev.postrider.storage.changes.Change.AccountCreated;
import dev.postrider.storage.changes.Change.AccountRemoved;
import dev.postrider.storage.changes.Change.BodyStored;
import dev.postrider.storage.changes.Change.CredentialChanged;
import dev.postrider.storage.changes.Change.Expunged;
import dev.postrider.storage.changes.Change.FlagGroup;
import dev.postrider.storage.changes.Change.FlagsChanged;
import dev.postrider.storage.changes.Change.Forgotten;
import dev.postrider.storage.changes.Change.MailboxCreated;
import dev.postrider.storage.changes.Change.MailboxDeleted;
import dev.postrider.storage.changes.Change.MailboxRenamed;
import dev.postrider.storage.changes.Change.MessageFiled;
import dev.postrider.storage.changes.Change.QueueAdded;
import dev.postrider.storage.changes.Change.QueueDeferred;
import dev.postrider.storage.changes.Change.QueueDone;
import dev.postrider.storage.changes.Change.QueueRescheduled;
import dev.postrider.storage.changes.Change.RecentTaken;
import dev.postrider.storage.changes.Change.Subscribed;
import dev.postrider.storage.changes.Change.Unsubscribed;
import dev.postrider.storage.mailboxes.MailboxId;
import dev.postrider.storage.mailboxes.SpecialUse;
import dev.postrider.storage.messages.BodyId;
import dev.postrider.storage.messages.ModSeq;
import dev.postrider.storage.messages.Uid;
import dev.postrider.storage.messages.UidSet;
import dev.postrider.storage.queue.QueueEntry;
import dev.postrider.storage.queue.QueueId;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * Changes as bytes, as docs/storage.md describes. A batch is the format version, its time, then
 * each change as its tag and its values in the order of its record. Tags are never given a second
 * meaning; a change of the values of a tag is a new {@link #VERSION}, and the old ones stay
 * readable: a version before 2 has no time, and does not say when or why messages left; one before
 * 3 describes no bodies; one before 4 drops them with their segment alone, and packs none; one
 * before 5 shares no mailboxes, one before 6 annotates none; one before 7 does not say when
 * messages were saved.
 */
public final class ChangeCodec {

  /** Version of the format that is written. */
  public static final int VERSION = 7;

  /** The first version with times. */
  private static final int TIMES = 2;

  /** The first version with packed bodies. */
  private static final int PACKED = 4;

  /** The first version that says when messages were saved. */
  private static final int SAVED = 7;

  private static final int BODY_STORED = 1;
  private static final int MESSAGE_FILED = 2;
  private static final int FLAGS_CHANGED = 3;
  private static final int EXPUNGED = 4;
  private static final int RECENT_TAKEN = 5;
  private static final int MAILBOX_CREATED = 6;
  private static final int MAILBOX_RENAMED = 7;
  private static final int MAILBOX_DELETED = 8;
  private static final int SUBSCRIBED = 9;
  private static final int UNSUBSCRIBED = 10;
  private static final int QUEUE_ADDED = 11;
  private static final int QUEUE_DEFERRED = 12;
  private static final int QUEUE_DONE = 13;
  private static final int QUEUE_RESCHEDULED = 14;
  private static final int ACCOUNT_CREATED = 15;
  private static final int CREDENTIAL_CHANGED = 16;
  private static final int ACCOUNT_REMOVED = 17;
  private static final int FORGOTTEN = 18;
  private static final int BODY_MOVED = 19;
  private static final int SEGMENT_DROPPED = 20;
  private static final int DESCRIBED = 21;
  private static final int BODIES_DROPPED = 22;
  private static final int ACCESS_CHANGED = 23;
  private static final int ANNOTATED = 24;
  private static final int NUMBERS_GIVEN = 32;
  private static final int ACCOUNT_COUNTED = 33;
  private static final int MAILBOX_COUNTED = 34;
  private static final int MAILBOX_WAS = 35;
  private static final int EXPUNGED_KEPT = 36;

  private ChangeCodec() {}

  public static byte[] encode(Batch batch) {
    ChangeWriter out = new ChangeWriter();
    out.octet(VERSION);
    out.instant(batch.at());
    for (Change change : batch.changes()) {
      write(change, out);
    }
    return out.toByteArray();
  }

  public static Batch decode(byte[] bytes) throws MalformedChangeException {
    ChangeReader in = new ChangeReader(bytes);
    int version = in.octet();
    if (version < 1 || version > VERSION) {
      throw new MalformedChangeException("format " + version + " is not known here");
    }
    Instant at = version < TIMES ? Instant.EPOCH : in.instant();
    List<Change> changes = new ArrayList<>();
    while (!in.atEnd()) {
      changes.add(read(in, version));
    }
    return new Batch(at, changes);
  }

  private static void write(Change change, ChangeWriter out) {
    switch (change) {
      case RecentTaken(MailboxId mailbox, Uid firstRecent) -> {
        out.octet(RECENT_TAKEN);
        out.number(mailbox.value());
        out.number(firstRecent.value());
      }
      case Forgotten(MailboxId mailbox, UidSet uids) -> {
        out.octet(FORGOTTEN);
        out.number(mailbox.value());
        out.uids(uids);
      }
      case Change.OfBody of -> writeOfBody(of, out);
      case Change.Standing standing -> writeStanding(standing, out);
      case Change.InMailbox in -> writeInMailbox(in, out);
      case Change.OfAccount of -> writeOfAccount(of, out);
      case Change.InQueue in -> writeInQueue(in, out);
    }
  }

  private static void writeOfBody(Change.OfBody change, ChangeWriter out) {
    switch (change) {
      case BodyStored(BodyId body, BodyLocation location) -> {
        out.octet(BODY_STORED);
        out.number(body.value());
        out.location(location);
      }
      case Change.BodyMoved(BodyId body, BodyLocation location) -> {
        out.octet(BODY_MOVED);
        out.number(body.value());
        out.location(location);
      }
      case Change.Described(BodyId body, BodyDescription description) -> {
        out.octet(DESCRIBED);
        out.number(body.value());
        out.description(description);
      }
      case Change.BodiesDropped(List<BodyId> bodies) -> {
        out.octet(BODIES_DROPPED);
        out.bodies(bodies);
      }
      case Change.SegmentDropped(int segment) -> {
        out.octet(SEGMENT_DROPPED);
        out.number(segment);
      }
    }
  }

  private static void writeStanding(Change.Standing change, ChangeWriter out) {
    switch (change) {
      case Change.NumbersGiven given -> {
        out.octet(NUMBERS_GIVEN);
        out.number(given.account());
        out.number(given.mailbox());
        out.number(given.body());
        out.number(given.queueEntry());
      }
      case Change.AccountCounted counted -> {
        out.octet(ACCOUNT_COUNTED);
        out.number(counted.account().value());
        out.number(counted.lastUidValidity());
      }
      case Change.MailboxCounted counted -> {
        out.octet(MAILBOX_COUNTED);
        out.number(counted.mailbox().value());
        out.number(counted.uidNext());
        out.number(counted.highestModSeq().value());
        out.number(counted.firstRecent());
      }
      case Change.MailboxWas was -> {
        out.octet(MAILBOX_WAS);
        out.number(was.mailbox().value());
        out.number(was.account().value());
        out.text(was.name());
        out.instant(was.at());
      }
      case Change.ExpungedKept kept -> {
        out.octet(EXPUNGED_KEPT);
        out.number(kept.mailbox().value());
        out.number(kept.uid().value());
        out.number(kept.modSeq().value());
        out.number(kept.body().value());
        out.number(kept.octets());
        out.flags(kept.flags());
        out.instant(kept.internalDate());
        out.instant(kept.at());
      }
    }
  }

  private static void writeInMailbox(Change.InMailbox change, ChangeWriter out) {
    switch (change) {
      case MessageFiled filed -> {
        out.octet(MESSAGE_FILED);
        out.number(filed.mailbox().value());
        out.number(filed.uid().value());
        out.number(filed.modSeq().value());
        out.number(filed.body().value());
        out.number(filed.octets());
        out.flags(filed.flags());
        out.instant(filed.internalDate());
        out.seconds(filed.saved());
      }
      case FlagsChanged(MailboxId mailbox, ModSeq modSeq, List<FlagGroup> groups) -> {
        out.octet(FLAGS_CHANGED);
        out.number(mailbox.value());
        out.number(modSeq.value());
        out.number(groups.size());
        for (FlagGroup group : groups) {
          out.flags(group.flags());
          out.uids(group.uids());
        }
      }
      case Expunged expunged -> {
        out.octet(EXPUNGED);
        out.number(expunged.mailbox().value());
        out.number(expunged.modSeq().value());
        out.uids(expunged.uids());
        out.instant(expunged.at());
        out.flag(expunged.recoverable());
      }
    }
  }

  private static void writeOfAccount(Change.OfAccount change, ChangeWriter out) {
    switch (change) {
      case MailboxCreated created -> {
        out.octet(MAILBOX_CREATED);
        out.number(created.mailbox().value());
        out.number(created.account().value());
        out.text(created.name());
        out.number(created.uidValidity());
        out.text(created.specialUse().map(SpecialUse::attribute).orElse(""));
      }
      case MailboxRenamed(MailboxId mailbox, AccountId account, String name) -> {
        out.octet(MAILBOX_RENAMED);
        out.number(mailbox.value());
        out.number(account.value());
        out.text(name);
      }
      case MailboxDeleted deleted -> {
        out.octet(MAILBOX_DELETED);
        out.number(deleted.mailbox().value());
        out.number(deleted.account().value());
        out.instant(deleted.at());
        out.flag(deleted.recoverable());
      }
      case Subscribed(AccountId account, String name) -> {
        out.octet(SUBSCRIBED);
        out.number(account.value());
        out.text(name);
      }
      case Unsubscribed(AccountId account, String name) -> {
        out.octet(UNSUBSCRIBED);
        out.number(account.value());
        out.text(name);
      }
      case Change.AccessChanged changed -> {
        out.octet(ACCESS_CHANGED);
        out.number(changed.mailbox().value());
        out.number(changed.account().value());
        out.grantee(changed.grantee());
        out.text(changed.rights().letters());
      }
      case Change.Annotated annotated -> {
        out.octet(ANNOTATED);
        out.number(annotated.account().value());
        out.annotation(annotated);
      }
      case AccountCreated created -> {
        out.octet(ACCOUNT_CREATED);
        out.number(created.account().value());
        out.address(created.address());
        out.text(created.credential());
      }
      case CredentialChanged changed -> {
        out.octet(CREDENTIAL_CHANGED);
        out.number(changed.account().value());
        out.text(changed.credential());
      }
      case AccountRemoved(AccountId account) -> {
        out.octet(ACCOUNT_REMOVED);
        out.number(account.value());
      }
    }
  }

  private static void writeInQueue(Change.InQueue change, ChangeWriter out) {
    switch (change) {
      case QueueAdded(QueueEntry entry) -> {
        out.octet(QUEUE_ADDED);
        writeEntry(entry, out);
      }
      case QueueDeferred deferred -> {
        out.octet(QUEUE_DEFERRED);
        out.number(deferred.entry().value());
        out.instant(deferred.nextAttempt());
        out.number(deferred.attempts());
        out.text(deferred.lastReply());
        out.flag(deferred.delayNoticed());
      }
      case QueueDone(QueueId entry) -> {
        out.octet(QUEUE_DONE);
        out.number(entry.value());
      }
      case QueueRescheduled rescheduled -> {
        out.octet(QUEUE_RESCHEDULED);
        out.number(rescheduled.entry().value());
        out.instant(rescheduled.nextAttempt());
      }
    }
  }

  private static Change read(ChangeReader in, int version) throws MalformedChangeException {
    int tag = in.octet();
    return switch (tag) {
      case BODY_STORED -> new BodyStored(new BodyId(in.number()), in.location(version >= PACKED));
      case BODY_MOVED ->
          new Change.BodyMoved(new BodyId(in.number()), in.location(version >= PACKED));
      case SEGMENT_DROPPED -> new Change.SegmentDropped((int) in.number());
      case BODIES_DROPPED -> new Change.BodiesDropped(in.bodies());
      case DESCRIBED -> new Change.Described(new BodyId(in.number()), in.description());
      case MESSAGE_FILED ->
          new MessageFiled(
              mailbox(in),
              new Uid(in.number()),
              new ModSeq(in.number()),
              new BodyId(in.number()),
              in.number(),
              in.flags(),
              in.instant(),
              version < SAVED ? null : in.seconds());
      case FLAGS_CHANGED -> new FlagsChanged(mailbox(in), new ModSeq(in.number()), readGroups(in));
      case EXPUNGED -> readExpunged(in, version);
      case FORGOTTEN -> new Forgotten(mailbox(in), in.uids());
      case RECENT_TAKEN -> new RecentTaken(mailbox(in), new Uid(in.number()));
      case MAILBOX_CREATED ->
          new MailboxCreated(mailbox(in), account(in), in.text(), in.number(), readUse(in));
      case MAILBOX_RENAMED -> new MailboxRenamed(mailbox(in), account(in), in.text());
      case MAILBOX_DELETED -> readDeleted(in, version);
      case SUBSCRIBED -> new Subscribed(account(in), in.text());
      case UNSUBSCRIBED -> new Unsubscribed(account(in), in.text());
      case ACCESS_CHANGED ->
          new Change.AccessChanged(mailbox(in), account(in), in.grantee(), in.rights());
      case ANNOTATED -> in.annotation(account(in));
      case QUEUE_ADDED -> new QueueAdded(readEntry(in));
      case QUEUE_DEFERRED ->
          new QueueDeferred(entry(in), in.instant(), (int) in.number(), in.text(), in.flag());
      case QUEUE_DONE -> new QueueDone(entry(in));
      case QUEUE_RESCHEDULED -> new QueueRescheduled(entry(in), in.instant());
      case ACCOUNT_CREATED -> new AccountCreated(account(in), in.address(), in.text());
      case CREDENTIAL_CHANGED -> new CredentialChanged(account(in), in.text());
      case ACCOUNT_REMOVED -> new AccountRemoved(account(in));
      default -> readStanding(tag, in);
    };
  }

  private static Change readStanding(int tag, ChangeReader in) throws MalformedChangeException {
    return switch (tag) {
      case NUMBERS_GIVEN ->
          new Change.NumbersGiven(in.number(), in.number(), in.number(), in.number());
      case ACCOUNT_COUNTED -> new Change.AccountCounted(account(in), in.number());
      case MAILBOX_COUNTED ->
          new Change.MailboxCounted(mailbox(in), in.number(), new ModSeq(in.number()), in.number());
      case MAILBOX_WAS -> new Change.MailboxWas(mailbox(in), account(in), in.text(), in.instant());
      case EXPUNGED_KEPT ->
          new Change.ExpungedKept(
              mailbox(in),
              new Uid(in.number()),
              new ModSeq(in.number()),
              new BodyId(in.number()),
              in.number(),
              in.flags(),
              in.instant(),
              in.instant());
      default -> throw new MalformedChangeException("unknown change " + tag);
    };
  }

  private static Expunged readExpunged(ChangeReader in, int version)
      throws MalformedChangeException {
    MailboxId mailbox = mailbox(in);
    ModSeq modSeq = new ModSeq(in.number());
    UidSet uids = in.uids();
    return version < TIMES
        ? new Expunged(mailbox, modSeq, uids, Instant.EPOCH, false)
        : new Expunged(mailbox, modSeq, uids, in.instant(), in.flag());
  }

  private static MailboxDeleted readDeleted(ChangeReader in, int version)
      throws MalformedChangeException {
    MailboxId mailbox = mailbox(in);
    AccountId account = account(in);
    return version < TIMES
        ? new MailboxDeleted(mailbox, account, Instant.EPOCH, false)
        : new MailboxDeleted(mailbox, account, in.instant(), in.flag());
  }

  private static MailboxId mailbox(ChangeReader in) throws MalformedChangeException {
    return new MailboxId(in.number());
  }

  private static AccountId account(ChangeReader in) throws MalformedChangeException {
    return new AccountId(in.number());
  }

  private static QueueId entry(ChangeReader in) throws MalformedChangeException {
    return new QueueId(in.number());
  }

  private static List<FlagGroup> readGroups(ChangeReader in) throws MalformedChangeException {
    int count = in.count();
    List<FlagGroup> groups = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      groups.add(new FlagGroup(in.flags(), in.uids()));
    }
    return List.copyOf(groups);
  }

  private static Optional<SpecialUse> readUse(ChangeReader in) throws MalformedChangeException {
    String attribute = in.text();
    if (attribute.isEmpty()) {
      return Optional.empty();
    }
    for (SpecialUse use : SpecialUse.values()) {
      if (use.attribute().equals(attribute)) {
        return Optional.of(use);
      }
    }
    throw new MalformedChangeException("unknown special use " + attribute);
  }

  private static void writeEntry(QueueEntry entry, ChangeWriter out) {
    out.number(entry.id().value());
    out.number(entry.body().value());
    out.number(entry.octets());
    out.flag(entry.sender().isPresent());
    entry.sender().ifPresent(sender -> out.address(sender));
    out.address(entry.recipient());
    out.text(entry.traceId());
    out.flag(entry.smtpUtf8());
    out.flag(entry.eightBit());
    out.instant(entry.queuedAt());
    out.instant(entry.nextAttempt());
    out.number(entry.attempts());
    out.text(entry.lastReply());
    out.flag(entry.delayNoticed());
  }

  private static QueueEntry readEntry(ChangeReader in) throws MalformedChangeException {
    return new QueueEntry(
        entry(in),
        new BodyId(in.number()),
        in.number(),
        in.flag() ? Optional.of(in.address()) : Optional.empty(),
        in.address(),
        in.text(),
        in.flag(),
        in.flag(),
        in.instant(),
        in.instant(),
        (int) in.number(),
        in.text(),
        in.flag());
  }
}
