package dev.postrider.storage.messages;

import dev.postrider.storage.StoreException;
import dev.postrider.storage.changes.Change;
import dev.postrider.storage.changes.Commits;
import dev.postrider.storage.mailboxes.MailboxId;
import dev.postrider.storage.mailboxes.MailboxStatus;
import dev.postrider.storage.sql.MessageRows;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The indexes of the mailboxes that somebody has open, counted, and of those that somebody had open
 * lately: clients come back. All of them advance with the changes. Callers: the store alone. The
 * applier calls {@link #apply} after the tables have the changes.
 */
public final class WarmIndexes {

  private static final Logger log = LoggerFactory.getLogger(WarmIndexes.class);

  /** Mailboxes that are kept although nobody uses them, however small they are. */
  private static final int UNUSED_MAX = 10_000;

  private final MessageRows rows;
  private final Commits commits;
  private final Map<MailboxId, Entry> entries = new HashMap<>();

  /** Those of {@link #entries} without users, in the order in which they were given back. */
  private final Map<MailboxId, Entry> unused = new LinkedHashMap<>();

  private final @Nullable Shelves shelves;
  private final boolean alone;
  private final long unusedMessagesMax;
  private long unusedMessages;

  /**
   * @param alone whether nobody but this process writes the tables; else an index is brought up to
   *     date when somebody opens it
   * @param unusedMessagesMax messages of mailboxes that are kept although nobody uses them
   * @param shelves files of large ones; null: none, as when others write the tables too
   */
  public WarmIndexes(
      MessageRows rows,
      Commits commits,
      boolean alone,
      long unusedMessagesMax,
      @Nullable Shelves shelves) {
    this.rows = rows;
    this.commits = commits;
    this.alone = alone;
    this.shelves = alone ? shelves : null;
    this.unusedMessagesMax = unusedMessagesMax;
  }

  /** A sixteenth of the memory that there is, at about 50 octets a message. */
  public static long shareOfMemory() {
    return Runtime.getRuntime().maxMemory() / 16 / 50;
  }

  private static final class Entry {
    private final WarmIndex index;
    private final CompletableFuture<WarmIndex> ready = new CompletableFuture<>();
    private int users;

    /** Messages that it had when it was given back. */
    private long messages;

    Entry(WarmIndex index) {
      this.index = index;
    }
  }

  /** Throws NOT_FOUND. */
  Handle open(MailboxId mailbox) throws StoreException {
    Entry entry;
    boolean first;
    synchronized (entries) {
      entry = entries.get(mailbox);
      first = entry == null;
      if (entry == null) {
        entry = new Entry(new WarmIndex(mailbox, rows, shelves));
        entries.put(mailbox, entry);
      }
      if (unused.remove(mailbox) != null) {
        unusedMessages -= entry.messages;
      }
      entry.users++;
    }
    try {
      if (first) {
        load(entry);
      }
      WarmIndex index = entry.ready.join();
      if (!first && !alone) {
        index.catchUp();
      }
      return new Handle(mailbox, entry, index);
    } catch (StoreException e) {
      release(mailbox, entry);
      throw e;
    } catch (CompletionException e) {
      release(mailbox, entry);
      if (e.getCause() instanceof StoreException cause) {
        throw new StoreException(cause.kind(), String.valueOf(cause.getMessage()), cause);
      }
      throw e;
    }
  }

  private void load(Entry entry) {
    try {
      entry.index.load();
      entry.ready.complete(entry.index);
      if (shelves != null && entry.index.isShelfDue(shelves.now())) {
        shelves.offer(entry.index);
      }
    } catch (StoreException | RuntimeException e) {
      entry.ready.completeExceptionally(e);
    }
  }

  private void release(MailboxId mailbox, Entry entry) {
    List<WarmIndex> dropped = new ArrayList<>();
    synchronized (entries) {
      entry.users--;
      if (entry.users > 0) {
        return;
      }
      if (entry.ready.isCompletedExceptionally() || !entry.index.exists()) {
        entries.remove(mailbox, entry);
        return;
      }
      entry.messages = entry.index.size();
      unusedMessages += entry.messages;
      unused.put(mailbox, entry);
      Iterator<Map.Entry<MailboxId, Entry>> oldest = unused.entrySet().iterator();
      while (unusedMessages > unusedMessagesMax || unused.size() > UNUSED_MAX) {
        Map.Entry<MailboxId, Entry> drop = oldest.next();
        unusedMessages -= drop.getValue().messages;
        entries.remove(drop.getKey());
        oldest.remove();
        dropped.add(drop.getValue().index);
      }
    }
    if (shelves != null) {
      dropped.stream().filter(index -> !index.isShelvedAsItIs()).forEach(shelves::offer);
    }
  }

  /** Writes the files that are due, and removes those of mailboxes that are gone. */
  public void tidyShelves() throws StoreException {
    if (shelves == null) {
      return;
    }
    for (WarmIndex index : loaded()) {
      boolean large = shelves.isLarge(index.size()) || index.shelved() != null;
      if (large && index.isShelfDue(shelves.now())) {
        shelves.put(index);
      }
    }
    shelves.tidy(rows);
  }

  /** When no change comes any more: writes the files, as far as there is time. */
  public void closeShelves() {
    if (shelves != null) {
      shelves.close(loaded());
    }
  }

  private List<WarmIndex> loaded() {
    synchronized (entries) {
      return entries.values().stream()
          .filter(entry -> entry.ready.isDone() && !entry.ready.isCompletedExceptionally())
          .map(entry -> entry.index)
          .toList();
    }
  }

  /** The numbers of a mailbox, when it is in memory. */
  public Optional<MailboxStatus> status(MailboxId mailbox) throws StoreException {
    Entry entry;
    synchronized (entries) {
      entry = entries.get(mailbox);
    }
    if (entry == null || !entry.ready.isDone() || entry.ready.isCompletedExceptionally()) {
      return Optional.empty();
    }
    return Optional.of(entry.index.status());
  }

  /** Advances every open mailbox that {@code changes} concern. */
  public void apply(List<Change> changes) {
    for (Change change : changes) {
      switch (change) {
        case Change.InMailbox in -> apply(in.mailbox(), change);
        case Change.RecentTaken taken -> apply(taken.mailbox(), change);
        case Change.MailboxDeleted deleted -> {
          apply(deleted.mailbox(), change);
          drop(deleted.mailbox());
          if (shelves != null) {
            shelves.remove(deleted.mailbox());
          }
        }
        case Change.OfBody other -> {}
        case Change.Forgotten other -> {}
        case Change.Standing other -> {}
        case Change.OfAccount other -> {}
        case Change.InQueue other -> {}
      }
    }
  }

  /**
   * The same, for tables that other servers write too: {@code changes} of one transaction of this
   * server. Threads: any.
   */
  public void applyNext(List<Change> changes) {
    Map<MailboxId, List<Change>> byMailbox = new LinkedHashMap<>();
    for (Change change : changes) {
      MailboxId concerned =
          switch (change) {
            case Change.InMailbox in -> in.mailbox();
            case Change.RecentTaken taken -> taken.mailbox();
            case Change.MailboxDeleted deleted -> deleted.mailbox();
            case Change.OfBody other -> null;
            case Change.Forgotten other -> null;
            case Change.Standing other -> null;
            case Change.OfAccount other -> null;
            case Change.InQueue other -> null;
          };
      if (concerned != null) {
        byMailbox.computeIfAbsent(concerned, none -> new ArrayList<>()).add(change);
      }
    }
    byMailbox.forEach(
        (mailbox, some) -> {
          WarmIndex index = index(mailbox);
          if (index != null && !index.applyNext(some)) {
            catchUp(mailbox);
          }
          if (some.getLast() instanceof Change.MailboxDeleted) {
            drop(mailbox);
          }
        });
  }

  /** Another server changed the mailbox. */
  public void catchUp(MailboxId mailbox) {
    WarmIndex index = index(mailbox);
    if (index == null) {
      return;
    }
    try {
      index.catchUp();
    } catch (StoreException e) {
      // Whoever opens it next, or the next round over all, brings it up to date.
      log.warn("store.index-behind mailbox={} cause=\"{}\"", mailbox.value(), e.getMessage());
    }
  }

  /**
   * Brings mailboxes that somebody has open up to date, where they are not. Returns those that were
   * not.
   */
  public List<MailboxId> catchUpAll() throws StoreException {
    Map<MailboxId, WarmIndex> used = new HashMap<>();
    synchronized (entries) {
      entries.forEach(
          (mailbox, entry) -> {
            if (entry.users > 0) {
              used.put(mailbox, entry.index);
            }
          });
    }
    if (used.isEmpty()) {
      return List.of();
    }
    Map<MailboxId, ModSeq> highest = rows.highestModSeqs(used.keySet());
    List<MailboxId> behind = new ArrayList<>();
    used.forEach(
        (mailbox, index) -> {
          ModSeq reached = highest.get(mailbox);
          if (reached == null || reached.value() > index.highestModSeq()) {
            catchUp(mailbox);
            behind.add(mailbox);
          }
        });
    return behind;
  }

  private @Nullable WarmIndex index(MailboxId mailbox) {
    synchronized (entries) {
      Entry entry = entries.get(mailbox);
      return entry == null ? null : entry.index;
    }
  }

  private void apply(MailboxId mailbox, Change change) {
    Entry entry;
    synchronized (entries) {
      entry = entries.get(mailbox);
    }
    if (entry != null) {
      entry.index.apply(change);
    }
  }

  private void drop(MailboxId mailbox) {
    synchronized (entries) {
      Entry entry = unused.remove(mailbox);
      if (entry != null) {
        unusedMessages -= entry.messages;
        entries.remove(mailbox);
      }
    }
  }

  /** One user of an index. */
  final class Handle implements MailboxIndex {
    private final MailboxId mailbox;
    private final Entry entry;
    private final WarmIndex index;
    private final AtomicBoolean closed = new AtomicBoolean();

    private Handle(MailboxId mailbox, Entry entry, WarmIndex index) {
      this.mailbox = mailbox;
      this.entry = entry;
      this.index = index;
    }

    @Override
    public Snapshot snapshot() throws StoreException {
      return index.snapshot();
    }

    @Override
    public Opening opening() throws StoreException {
      return index.opening();
    }

    @Override
    public MailboxDelta changesSince(ModSeq since) throws StoreException {
      return index.changesSince(since);
    }

    @Override
    public UidSet changedSince(ModSeq since) throws StoreException {
      return index.changedSince(since);
    }

    @Override
    public Optional<Message> find(Uid uid) {
      return index.find(uid);
    }

    @Override
    public List<Message> find(UidSet uids) throws StoreException {
      return index.find(uids);
    }

    @Override
    public Uid takeRecent() {
      WarmIndex.Taken taken = index.takeRecent();
      if (taken.after().compareTo(taken.before()) > 0) {
        remember(taken.after());
      }
      return taken.before();
    }

    /** Nobody waits for it: a mailbox opens even when the disk is full. */
    private void remember(Uid firstRecent) {
      var _ =
          commits
              .submit(
                  (numbers, bodies) -> {
                    numbers.mailbox(mailbox);
                    return new Commits.Planned<>(
                        List.of(new Change.RecentTaken(mailbox, firstRecent)), firstRecent);
                  })
              .whenComplete(
                  (done, failure) -> {
                    if (failure != null) {
                      log.debug(
                          "store.recent-not-kept mailbox={} cause=\"{}\"",
                          mailbox.value(),
                          failure.getMessage());
                    }
                  });
    }

    @Override
    public Uid firstRecent() {
      return index.firstRecent();
    }

    @Override
    public void close() {
      if (closed.compareAndSet(false, true)) {
        release(mailbox, entry);
      }
    }
  }
}
