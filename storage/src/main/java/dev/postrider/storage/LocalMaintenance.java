package dev.postrider.storage;

import dev.postrider.storage.StoreException.Kind;
import dev.postrider.storage.audit.Audit;
import dev.postrider.storage.audit.Finding;
import dev.postrider.storage.backup.Backup;
import dev.postrider.storage.backup.Backup.Written;
import dev.postrider.storage.changes.Change;
import dev.postrider.storage.collection.Collector;
import dev.postrider.storage.collection.Collector.Collected;
import dev.postrider.storage.log.GroupCommit;
import dev.postrider.storage.log.LogFiles;
import dev.postrider.storage.log.LogPosition;
import dev.postrider.storage.log.SegmentReaders;
import dev.postrider.storage.mailboxes.StoredRecoverable;
import dev.postrider.storage.messages.ShelfAudit;
import dev.postrider.storage.snapshot.SnapshotFile;
import dev.postrider.storage.snapshot.Snapshots;
import dev.postrider.storage.sql.FrozenTables;
import dev.postrider.storage.sql.H2Database;
import dev.postrider.storage.sql.Projection;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.SortedSet;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Maintenance of the local store; under one lock, which nothing else takes. When the store closes,
 * what is under way gives up at its next step.
 */
final class LocalMaintenance implements Maintenance, AutoCloseable {

  private static final Logger log = LoggerFactory.getLogger(LocalMaintenance.class);

  /** So many things that died make it worth to look for segments to collect. */
  private static final long DEATHS_WORTH = 1000;

  /** After this time a single one does. */
  private static final Duration LOOK_AT_LEAST = Duration.ofHours(1);

  /** What a deleted mailbox counts for, however many messages were in it. */
  private static final long MAILBOX_DEATHS = DEATHS_WORTH;

  /** Collection rests for so many times as long as it worked. */
  private static final int REST = 3;

  private static final long REST_MAX_MILLIS = 1000;

  private final DataDirectory directory;
  private final LogFiles files;
  private final H2Database database;
  private final Snapshots snapshots;
  private final Commits commits;
  private final Supplier<LogPosition> applied;
  private final StoreSettings settings;
  private final InstantSource clock;
  private final ReentrantLock lock = new ReentrantLock();
  private final CountDownLatch closing = new CountDownLatch(1);
  private final AtomicLong deaths = new AtomicLong();
  private Instant looked = Instant.EPOCH;

  /** When collection last rested. */
  private Instant paced = Instant.EPOCH;

  private volatile Consumer<Collector.Step> afterStep = step -> {};

  /** What changes the store. */
  record Commits(
      GroupCommit commits,
      SegmentReaders segments,
      Checkpointer checkpointer,
      StoredRecoverable recoverable) {}

  /**
   * @param applied up to where the tables have the log
   */
  LocalMaintenance(
      DataDirectory directory,
      LogFiles files,
      H2Database database,
      Snapshots snapshots,
      Commits commits,
      Supplier<LogPosition> applied,
      StoreSettings settings,
      InstantSource clock) {
    this.directory = directory;
    this.files = files;
    this.database = database;
    this.snapshots = snapshots;
    this.commits = commits;
    this.applied = applied;
    this.settings = settings;
    this.clock = clock;
  }

  /** For tests: what happens after each step of a collection. */
  void afterStep(Consumer<Collector.Step> callback) {
    afterStep = callback;
  }

  /** Counts what is needed no more. On the applier. */
  void apply(List<Change> changes) {
    for (Change change : changes) {
      switch (change) {
        case Change.Forgotten forgotten -> deaths.addAndGet(forgotten.uids().size());
        case Change.Expunged expunged ->
            deaths.addAndGet(expunged.recoverable() ? 0 : expunged.uids().size());
        case Change.MailboxDeleted deleted -> deaths.addAndGet(MAILBOX_DEATHS);
        case Change.QueueDone done -> deaths.incrementAndGet();
        case Change.OfBody other -> {}
        case Change.InMailbox other -> {}
        case Change.RecentTaken other -> {}
        case Change.OfAccount other -> {}
        case Change.InQueue other -> {}
        case Change.Standing other -> {}
      }
    }
  }

  @Override
  public Collected collect(Progress progress) throws StoreException {
    lock.lock();
    try {
      forget();
      return collector(0, progress).run();
    } finally {
      lock.unlock();
    }
  }

  @Override
  public Written backup(Path target, Progress progress) throws StoreException {
    if (target.toAbsolutePath().normalize().startsWith(directory.root())) {
      throw new StoreException(Kind.REFUSED, target + " is in the data directory");
    }
    lock.lock();
    try {
      requireOpen();
      SnapshotFile snapshot;
      try (FrozenTables tables = database.freeze()) {
        snapshot = snapshots.take(tables, clock.instant());
      }
      return new Backup(target).add(directory.root(), snapshot, stoppable(progress));
    } finally {
      lock.unlock();
    }
  }

  /** What left too long ago cannot be brought back any more. */
  void forget() throws StoreException {
    Instant until = clock.instant().minus(settings.undelete());
    long forgotten = 0;
    int some = 1;
    while (some > 0) {
      requireOpen();
      some = commits.recoverable().forgetSome(until);
      forgotten += some;
    }
    if (forgotten > 0) {
      log.info("store.forgotten messages={} expunged-before={}", forgotten, until);
    }
  }

  /** Collects when enough died, and enough room comes of it. Gives way to other maintenance. */
  void collectIfDue() throws StoreException {
    boolean late = clock.instant().isAfter(looked.plus(LOOK_AT_LEAST));
    if (deaths.get() < (late ? 1 : DEATHS_WORTH) || !lock.tryLock()) {
      return;
    }
    try {
      deaths.set(0);
      looked = clock.instant();
      var _ = collector(settings.segmentOctets() / 2, Progress.NONE).run();
    } finally {
      lock.unlock();
    }
  }

  private Collector collector(long worthOctets, Progress progress) {
    paced = clock.instant();
    return new Collector(
        database,
        commits.commits(),
        files,
        commits.segments(),
        this::secure,
        this::pace,
        worthOctets,
        progress,
        step -> afterStep.accept(step));
  }

  /** One snapshot would do, but the older one is there for when the newer is damaged. */
  private void secure(LogPosition position) throws StoreException {
    for (int i = 0; i < Snapshots.KEPT; i++) {
      List<SnapshotFile> kept = snapshots.list();
      if (kept.size() < Snapshots.KEPT
          || kept.getLast().position().sequence() < position.sequence()) {
        requireOpen();
        try (FrozenTables tables = database.freeze()) {
          snapshots.take(tables, clock.instant());
        }
      }
    }
    commits.checkpointer().awaitBoth();
  }

  /** On a busy disk the rate is more than it bears; so most of the time is left to others. */
  private void pace(long octets) throws StoreException {
    try {
      long due = settings.collectRate() == 0 ? 0 : octets * 1000 / settings.collectRate();
      long worked = paced.until(clock.instant(), ChronoUnit.MILLIS);
      long rest = Math.clamp(worked * REST, due, Math.max(due, REST_MAX_MILLIS));
      if (closing.await(settings.collectRate() == 0 ? 0 : rest, TimeUnit.MILLISECONDS)) {
        throw closed();
      }
      paced = clock.instant();
    } catch (InterruptedException e) {
      throw new StoreException(Kind.CLOSED, "interrupted", e);
    }
  }

  private void requireOpen() throws StoreException {
    if (closing.getCount() == 0) {
      throw closed();
    }
  }

  private static StoreException closed() {
    return new StoreException(Kind.CLOSED, "the store is closing");
  }

  /** Returns when nothing is under way any more. */
  @Override
  public void close() {
    closing.countDown();
    lock.lock();
    try {
      log.debug("store.maintenance-ended");
    } finally {
      lock.unlock();
    }
  }

  @Override
  public List<Finding> verify(Progress progress) throws StoreException {
    lock.lock();
    try {
      return verify(directory, files, snapshots, database, stoppable(progress));
    } finally {
      lock.unlock();
    }
  }

  private Progress stoppable(Progress progress) {
    return (what, done, total) -> {
      requireOpen();
      progress.at(what, done, total);
    };
  }

  static List<Finding> verify(
      DataDirectory directory,
      LogFiles files,
      Snapshots snapshots,
      H2Database database,
      Progress progress)
      throws StoreException {
    H2Database scratch = H2Database.open(directory.makeScratch());
    try {
      Audit audit = new Audit(files, directory.store(), progress);
      audit.snapshots(snapshots.damaged());
      audit.shelves(new ShelfAudit(directory.index(), directory.store()));
      return audit.run(database, base(files, snapshots, scratch), scratch);
    } finally {
      scratch.abandon();
      directory.removeScratch();
    }
  }

  /** Where a replay can begin: at the start while the log is complete, else at a snapshot. */
  private static LogPosition base(LogFiles files, Snapshots snapshots, H2Database scratch)
      throws StoreException {
    if (isComplete(files)) {
      return LogPosition.START;
    }
    try (Projection projection = new Projection(scratch)) {
      return Rebuild.load(snapshots, projection);
    }
  }

  static boolean isComplete(LogFiles files) throws StoreException {
    try {
      SortedSet<Integer> segments = files.list();
      return segments.isEmpty() || (segments.first() == 1 && segments.last() == segments.size());
    } catch (IOException e) {
      throw new StoreException(Kind.UNUSABLE, "cannot read the log: " + e.getMessage(), e);
    }
  }

  /** Writes one when the log has grown enough since the last. Gives way to other maintenance. */
  void snapshotIfDue() throws StoreException {
    if (!lock.tryLock()) {
      return;
    }
    try {
      List<SnapshotFile> present = snapshots.list();
      LogPosition last = present.isEmpty() ? LogPosition.START : present.getFirst().position();
      if (octetsBetween(last, applied.get()) >= settings.snapshotOctets()) {
        try (FrozenTables tables = database.freeze()) {
          snapshots.take(tables, clock.instant());
        }
      }
    } finally {
      lock.unlock();
    }
  }

  /** Writes one of the tables as they are now. */
  SnapshotFile snapshot() throws StoreException {
    lock.lock();
    try (FrozenTables tables = database.freeze()) {
      return snapshots.take(tables, clock.instant());
    } finally {
      lock.unlock();
    }
  }

  private long octetsBetween(LogPosition from, LogPosition to) throws StoreException {
    try {
      long octets = -from.offset();
      for (int segment : new ArrayList<>(files.list().tailSet(from.segment()))) {
        if (segment < to.segment()) {
          try (var file = files.openForReading(segment)) {
            octets += file.size();
          }
        }
      }
      return octets + to.offset();
    } catch (IOException e) {
      throw new StoreException(Kind.UNUSABLE, "cannot read the log: " + e.getMessage(), e);
    }
  }
}
