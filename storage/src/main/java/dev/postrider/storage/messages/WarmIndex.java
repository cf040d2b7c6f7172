package dev.postrider.storage.messages;

import dev.postrider.storage.StoreException;
import dev.postrider.storage.StoreException.Kind;
import dev.postrider.storage.changes.Change;
import dev.postrider.storage.mailboxes.MailboxId;
import dev.postrider.storage.mailboxes.MailboxStatus;
import dev.postrider.storage.sql.MessageRows;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;
import java.util.TreeSet;
import java.util.UUID;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/**
 * All of one mailbox in memory, shared by those who have it open.
 *
 * <p>It is loaded once, from the tables or from its file ({@link Shelves}) and what the tables have
 * beyond it, and from then on advanced by changes. It is registered before it is loaded, so no
 * change is missed: those that come during loading wait, and those of them that were in the loaded
 * state already are known by their MODSEQ. For the same reason what readers get is always the state
 * at exactly one MODSEQ: a snapshot at M and the changes since M are together the present, without
 * gap and without overlap.
 *
 * <p>Changes come from the applier in the order of the log; readers come from anywhere. One lock
 * guards all, and nobody does I/O while holding it.
 */
final class WarmIndex {

  private final MailboxId mailbox;
  private final MessageRows rows;
  private final @Nullable Shelves shelves;
  private final ReentrantLock lock = new ReentrantLock();
  private final SharedFlags shared = new SharedFlags();
  private MessageColumns columns = new MessageColumns();
  private final List<Change> early = new ArrayList<>();
  private boolean loaded;

  /** Whether changes came while it was loaded that are not in {@link #early}. */
  private boolean missed;

  private boolean deleted;
  private long uidValidity;
  private long uidNext = 1;
  private long firstRecent = 1;
  private long highestModSeq;
  private RecentEvents events = new RecentEvents(0);

  /** Messages that came, changed or left since this was loaded, or before, since its file was. */
  private long changes;

  private volatile Shelves.@Nullable Shelved shelved;

  /**
   * @param shelves null: it has no file
   */
  WarmIndex(MailboxId mailbox, MessageRows rows, @Nullable Shelves shelves) {
    this.mailbox = mailbox;
    this.rows = rows;
    this.shelves = shelves;
  }

  MailboxId mailbox() {
    return mailbox;
  }

  /** Throws NOT_FOUND. */
  void load() throws StoreException {
    IndexLoad found =
        IndexLoad.run(mailbox, rows, shelves, shared::intern).orElseThrow(this::notFound);
    lock.lock();
    try {
      uidValidity = found.uidValidity();
      uidNext = found.uidNext();
      firstRecent = found.firstRecent();
      highestModSeq = found.highestModSeq();
      columns = found.columns();
      changes = found.newer();
      shelved = found.shelved();
      events = new RecentEvents(highestModSeq);
      loaded = true;
      early.forEach(this::advance);
      early.clear();
    } finally {
      lock.unlock();
    }
    if (missed) {
      catchUp();
    }
  }

  /**
   * For tables that other servers write too: applies changes of this server, of one transaction.
   * Returns false when something is missing before them: then {@link #catchUp}.
   */
  boolean applyNext(List<Change> changes) {
    lock.lock();
    try {
      missed |= !loaded;
      for (Change change : changes) {
        if (change instanceof Change.InMailbox in && in.modSeq().value() > highestModSeq + 1) {
          return !loaded;
        }
        advance(change);
      }
      return true;
    } finally {
      lock.unlock();
    }
  }

  /** Advances to what the tables have. */
  void catchUp() throws StoreException {
    ModSeq since;
    lock.lock();
    try {
      if (!loaded || deleted) {
        return;
      }
      since = new ModSeq(highestModSeq);
    } finally {
      lock.unlock();
    }
    Optional<MessageRows.Delta> delta = rows.delta(mailbox, since);
    lock.lock();
    try {
      deleted = delta.isEmpty();
      delta.ifPresent(this::advance);
    } finally {
      lock.unlock();
    }
  }

  /** What of {@code delta} is known already has a MODSEQ that was reached. */
  private void advance(MessageRows.Delta delta) {
    firstRecent = Math.max(firstRecent, delta.firstRecent().value());
    if (delta.highestModSeq().value() <= highestModSeq) {
      return;
    }
    List<Message> changed =
        delta.changed().stream().filter(m -> m.modSeq().value() > highestModSeq).toList();
    List<MessageRows.Gone> gone =
        delta.gone().stream().filter(g -> g.modSeq().value() > highestModSeq).toList();
    List<Message> fresh = new ArrayList<>();
    for (Message message : changed) {
      int index = columns.indexOf(message.uid().value());
      if (index >= 0) {
        columns.setFlags(index, shared.intern(message.flags()), message.modSeq().value());
      } else {
        fresh.add(message);
      }
    }
    fresh.sort(Comparator.comparing(Message::uid));
    fresh.forEach(this::append);
    columns.removeAll(UidSet.of(gone.stream().mapToLong(g -> g.uid().value()).sorted().toArray()));
    remember(changed, gone);
    uidNext = delta.uidNext().value();
    highestModSeq = delta.highestModSeq().value();
  }

  /** Both are in the order of MODSEQs, and so are the events. */
  private void remember(List<Message> changed, List<MessageRows.Gone> gone) {
    int next = 0;
    for (Message message : changed) {
      while (next < gone.size() && gone.get(next).modSeq().compareTo(message.modSeq()) < 0) {
        events.vanished(gone.get(next).modSeq().value(), gone.get(next).uid().value());
        next++;
      }
      events.changed(message.modSeq().value(), message.uid().value());
    }
    for (MessageRows.Gone message : gone.subList(next, gone.size())) {
      events.vanished(message.modSeq().value(), message.uid().value());
    }
  }

  long highestModSeq() {
    lock.lock();
    try {
      return highestModSeq;
    } finally {
      lock.unlock();
    }
  }

  void apply(Change change) {
    lock.lock();
    try {
      if (loaded) {
        advance(change);
      } else {
        early.add(change);
      }
    } finally {
      lock.unlock();
    }
  }

  /** All of it at one moment, and how many messages had changed until then. */
  record Copy(Shelf shelf, long changes) {}

  /** Throws NOT_FOUND when the mailbox is gone. */
  Copy copy(UUID store) throws StoreException {
    lock.lock();
    try {
      requireExists();
      return new Copy(
          new Shelf(store, mailbox, uidValidity, uidNext, highestModSeq, columns.copy()), changes);
    } finally {
      lock.unlock();
    }
  }

  /** Null when it has no file. */
  Shelves.@Nullable Shelved shelved() {
    return shelved;
  }

  void shelved(Shelves.@Nullable Shelved now) {
    shelved = now;
  }

  /** Whether its file has exactly what it has. */
  boolean isShelvedAsItIs() {
    lock.lock();
    try {
      Shelves.Shelved file = shelved;
      return file != null && file.modSeq() == highestModSeq;
    } finally {
      lock.unlock();
    }
  }

  /** Whether so much changed since its file was written that it should be written again. */
  boolean isShelfDue(Instant now) {
    lock.lock();
    try {
      if (!loaded || deleted || isShelvedAsItIs()) {
        return false;
      }
      Shelves.Shelved file = shelved;
      return file == null
          || (changes - file.changes()) * Shelves.CHANGED_PART > columns.size()
          || now.isAfter(file.at().plus(Shelves.AGE_MAX));
    } finally {
      lock.unlock();
    }
  }

  MailboxIndex.Snapshot snapshot() throws StoreException {
    lock.lock();
    try {
      requireExists();
      return new MailboxIndex.Snapshot(
          new ModSeq(highestModSeq), new Uid(uidNext), uidValidity, columns.copy());
    } finally {
      lock.unlock();
    }
  }

  MailboxDelta changesSince(ModSeq since) throws StoreException {
    MessageColumns changed;
    ModSeq until;
    lock.lock();
    try {
      requireExists();
      until = new ModSeq(highestModSeq);
      if (since.value() >= events.floor()) {
        List<Message> some = collect(events.changedAfter(since.value()));
        return new MailboxDelta(until, some, events.vanishedAfter(since.value()));
      }
      changed = columns.changedAfter(since.value());
    } finally {
      lock.unlock();
    }
    // The tables are never behind this index, and what they have beyond it is not asked for.
    return new MailboxDelta(until, changed, rows.expunged(mailbox, since, until));
  }

  UidSet changedSince(ModSeq since) throws StoreException {
    lock.lock();
    try {
      requireExists();
      return columns.uidsChangedAfter(since.value());
    } finally {
      lock.unlock();
    }
  }

  Optional<Message> find(Uid uid) {
    lock.lock();
    try {
      int index = columns.indexOf(uid.value());
      return index < 0 ? Optional.empty() : Optional.of(columns.get(index));
    } finally {
      lock.unlock();
    }
  }

  List<Message> find(UidSet uids) throws StoreException {
    lock.lock();
    try {
      requireExists();
      return collect(uids);
    } finally {
      lock.unlock();
    }
  }

  Uid firstRecent() {
    lock.lock();
    try {
      return new Uid(firstRecent);
    } finally {
      lock.unlock();
    }
  }

  /** The first recent UID before, and after. */
  Taken takeRecent() {
    lock.lock();
    try {
      Taken taken = new Taken(new Uid(firstRecent), new Uid(Math.max(firstRecent, uidNext)));
      firstRecent = taken.after().value();
      return taken;
    } finally {
      lock.unlock();
    }
  }

  record Taken(Uid before, Uid after) {}

  boolean exists() {
    lock.lock();
    try {
      return !deleted;
    } finally {
      lock.unlock();
    }
  }

  int size() {
    lock.lock();
    try {
      return columns.size();
    } finally {
      lock.unlock();
    }
  }

  MailboxIndex.Opening opening() throws StoreException {
    lock.lock();
    try {
      requireExists();
      int firstUnseen = -1;
      Set<String> keywords = new TreeSet<>(String.CASE_INSENSITIVE_ORDER);
      Flags last = Flags.NONE;
      for (int i = 0; i < columns.size(); i++) {
        Flags flags = columns.flags(i);
        if (!flags.keywords().isEmpty() && !flags.equals(last)) {
          last = flags;
          keywords.addAll(flags.keywords());
        }
        if (firstUnseen < 0 && !flags.has(SystemFlag.SEEN)) {
          firstUnseen = i;
        }
      }
      return new MailboxIndex.Opening(
          new ModSeq(highestModSeq),
          new Uid(uidNext),
          columns.uids(),
          firstUnseen < 0 ? OptionalInt.empty() : OptionalInt.of(firstUnseen),
          keywords);
    } finally {
      lock.unlock();
    }
  }

  MailboxStatus status() throws StoreException {
    lock.lock();
    try {
      requireExists();
      return columns.status(firstRecent, new Uid(uidNext), uidValidity, new ModSeq(highestModSeq));
    } finally {
      lock.unlock();
    }
  }

  private List<Message> collect(UidSet uids) {
    List<Message> found = new ArrayList<>();
    for (int i = 0; i < uids.size(); i++) {
      int index = columns.indexOf(uids.get(i));
      if (index >= 0) {
        found.add(columns.get(index));
      }
    }
    return found;
  }

  private void advance(Change change) {
    switch (change) {
      case Change.InMailbox in -> {
        if (in.modSeq().value() > highestModSeq) {
          advance(in);
          highestModSeq = in.modSeq().value();
        }
      }
      case Change.RecentTaken taken ->
          firstRecent = Math.max(firstRecent, taken.firstRecent().value());
      case Change.MailboxDeleted gone -> deleted = true;
      case Change.OfBody other -> {}
      case Change.Forgotten other -> {}
      case Change.Standing other -> {}
      case Change.OfAccount other -> {}
      case Change.InQueue other -> {}
    }
  }

  private void advance(Change.InMailbox change) {
    long modSeq = change.modSeq().value();
    switch (change) {
      case Change.MessageFiled filed -> {
        append(
            new Message(
                filed.uid(),
                filed.modSeq(),
                filed.flags(),
                filed.octets(),
                filed.internalDate(),
                filed.body()));
        events.changed(modSeq, filed.uid().value());
        changes++;
        uidNext = Math.max(uidNext, filed.uid().value() + 1);
      }
      case Change.FlagsChanged changed ->
          changed.groups().forEach(group -> setFlags(group, modSeq));
      case Change.Expunged expunged -> {
        columns.removeAll(expunged.uids());
        changes += expunged.uids().size();
        expunged.uids().stream().forEach(uid -> events.vanished(modSeq, uid));
      }
    }
  }

  private void setFlags(Change.FlagGroup group, long modSeq) {
    Flags now = shared.intern(group.flags());
    changes += group.uids().size();
    for (int i = 0; i < group.uids().size(); i++) {
      int index = columns.indexOf(group.uids().get(i));
      if (index >= 0) {
        columns.setFlags(index, now, modSeq);
        events.changed(modSeq, group.uids().get(i));
      }
    }
  }

  private void append(Message message) {
    columns.append(
        message.uid().value(),
        message.modSeq().value(),
        shared.intern(message.flags()),
        message.octets(),
        message.internalDate().getEpochSecond(),
        message.body().value());
  }

  private void requireExists() throws StoreException {
    if (deleted) {
      throw notFound();
    }
  }

  private StoreException notFound() {
    return new StoreException(
        Kind.NOT_FOUND, "mailbox " + mailbox.value() + " does not exist (any more)");
  }
}
