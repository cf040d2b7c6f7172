package dev.postrider.storage;

import dev.postrider.storage.StoreException.Kind;
import dev.postrider.storage.accounts.Accounts;
import dev.postrider.storage.accounts.StoredAccounts;
import dev.postrider.storage.changes.Change;
import dev.postrider.storage.changes.ChangeFeed;
import dev.postrider.storage.changes.LogNumbers;
import dev.postrider.storage.changes.Signals;
import dev.postrider.storage.log.DiskLogFiles;
import dev.postrider.storage.log.DiskTrouble;
import dev.postrider.storage.log.GroupCommit;
import dev.postrider.storage.log.LogFiles;
import dev.postrider.storage.log.LogPosition;
import dev.postrider.storage.log.Packer;
import dev.postrider.storage.log.SegmentReaders;
import dev.postrider.storage.mailboxes.Annotations;
import dev.postrider.storage.mailboxes.Mailboxes;
import dev.postrider.storage.mailboxes.Recoverable;
import dev.postrider.storage.mailboxes.Sharing;
import dev.postrider.storage.mailboxes.StoredAnnotations;
import dev.postrider.storage.mailboxes.StoredMailboxes;
import dev.postrider.storage.mailboxes.StoredRecoverable;
import dev.postrider.storage.mailboxes.StoredSharing;
import dev.postrider.storage.messages.Bodies;
import dev.postrider.storage.messages.DiskSpool;
import dev.postrider.storage.messages.Messages;
import dev.postrider.storage.messages.Shelves;
import dev.postrider.storage.messages.Spool;
import dev.postrider.storage.messages.StoredMessages;
import dev.postrider.storage.messages.WarmIndexes;
import dev.postrider.storage.queue.LocalQueue;
import dev.postrider.storage.queue.Queue;
import dev.postrider.storage.snapshot.Snapshots;
import dev.postrider.storage.sql.Checkpoints;
import dev.postrider.storage.sql.DescriptionRows;
import dev.postrider.storage.sql.ExpungedRows;
import dev.postrider.storage.sql.H2Database;
import dev.postrider.storage.sql.MessageRows;
import dev.postrider.storage.sql.Projection;
import dev.postrider.storage.sql.QueueRows;
import dev.postrider.storage.sql.StructureRows;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The store in a directory of this machine.
 *
 * <p>The log is the truth: every change is a record in it, and is acknowledged when that record is
 * on the disk. H2 holds the same as tables, and can be lost: it is made again from the log, which
 * is complete from the older of two snapshots on. {@link GroupCommit} says in what order things
 * happen; docs/storage.md what the files are.
 *
 * <p>To open means: lock the directory, open H2, replay the log from where H2 surely has it, begin
 * a new segment, read what numbers are given next. An H2 file that is missing, does not open or has
 * another version of the tables is set aside, and made again from the newest snapshot and the log
 * behind it.
 */
public final class LocalStore implements Store {

  private static final Logger log = LoggerFactory.getLogger(LocalStore.class);

  /** Nothing is forgotten or collected: how long mail is kept is for the server to know. */
  static final StoreSettings UNTOUCHED =
      StoreSettings.defaults().withUpkeepInterval(Duration.ofDays(1));

  private final DataDirectory directory;
  private final H2Database database;
  private final SegmentReaders segments;
  private final Bodies bodies;
  private final Checkpoints checkpoints;
  private final Checkpointer checkpointer;
  private final Upkeep upkeep;
  private final GroupCommit commits;
  private final LocalCommits planned;
  private final InstantSource clock;
  private final Projection projection;
  private final WarmIndexes indexes;
  private final Signals signals = new Signals();
  private final StoredAccounts accounts;
  private final StoredMailboxes mailboxes;
  private final StoredSharing sharing;
  private final StoredAnnotations annotations;
  private final StoredMessages messages;
  private final LocalQueue queue;
  private final StoredRecoverable recoverable;
  private final LocalMaintenance maintenance;
  private final DiskSpool spool;
  private final Packer packer;
  private final boolean compress;
  private volatile LogPosition applied;
  private boolean closed;

  /**
   * Opens the store in {@code dataDirectory}, or makes one there.
   *
   * @throws StoreException UNUSABLE when it is in use, not ours, newer or not readable; CORRUPT
   *     when a record that was acknowledged is damaged; NO_SPACE
   */
  public static LocalStore open(Path dataDirectory, InstantSource clock, StoreSettings settings)
      throws StoreException {
    DataDirectory directory = DataDirectory.open(dataDirectory);
    try {
      return open(directory, clock, settings);
    } catch (StoreException | RuntimeException e) {
      directory.close();
      throw e;
    }
  }

  private static LocalStore open(
      DataDirectory directory, InstantSource clock, StoreSettings settings) throws StoreException {
    LogFiles files = settings.disk().log().apply(new DiskLogFiles(directory.log()));
    Snapshots snapshots = new Snapshots(directory.snapshot(), directory.store());
    RecoveredTables tables =
        RecoveredTables.open(
            new RecoveredTables.Source(directory, files, snapshots, settings.disk().projection()));
    try {
      return new LocalStore(directory, files, snapshots, tables, clock, settings);
    } catch (StoreException | RuntimeException e) {
      RecoveredTables.giveUp(tables.database(), e);
      throw e;
    }
  }

  /** Opens one that is there already, to read everything of it; nothing is tidied up. */
  static LocalStore openPresent(Path directory, InstantSource clock) throws StoreException {
    if (!DataDirectory.hasStore(directory)) {
      throw new StoreException(
          StoreException.Kind.UNUSABLE, "there is no store in " + directory + " to read");
    }
    return open(directory, clock, UNTOUCHED);
  }

  private LocalStore(
      DataDirectory directory,
      LogFiles files,
      Snapshots snapshots,
      RecoveredTables tables,
      InstantSource clock,
      StoreSettings settings)
      throws StoreException {
    this.directory = directory;
    this.database = tables.database();
    this.projection = tables.projection();
    this.checkpoints = tables.checkpoints();
    this.applied = tables.end();
    this.segments = new SegmentReaders(files);
    this.bodies = new Bodies(segments);
    this.spool = openSpool(directory, settings);
    this.packer = new Packer(spool);
    this.compress = settings.compress();
    LogNumbers numbers = checkpoints.numbers();
    this.commits =
        new GroupCommit(
            files,
            directory.store(),
            settings.segmentOctets(),
            applied,
            numbers,
            clock,
            this::makeVisible,
            settings.reserveOctets(),
            database::isWaitingForRoom,
            settings.onFatal());
    this.planned = new LocalCommits(commits);
    this.clock = clock;
    StructureRows rows = StructureRows.of(database);
    MessageRows messageRows = new MessageRows(database);
    Shelves shelves = shelves(directory, files, database, clock, settings);
    this.indexes =
        new WarmIndexes(messageRows, planned, true, WarmIndexes.shareOfMemory(), shelves);
    this.messages =
        new StoredMessages(
            planned, indexes, messageRows, bodies, new DescriptionRows(database), clock);
    this.mailboxes = new StoredMailboxes(planned, rows, messages, indexes, clock);
    this.sharing = new StoredSharing(planned, rows);
    this.annotations = new StoredAnnotations(planned, rows);
    this.accounts = new StoredAccounts(planned, rows.accounts(), rows.mailboxes(), clock);
    this.queue = new LocalQueue(planned, new QueueRows(database));
    this.recoverable = new StoredRecoverable(planned, new ExpungedRows(database), mailboxes, clock);
    this.checkpointer =
        new Checkpointer(
            checkpoints,
            settings.checkpointInterval(),
            failure -> commits.fail("cannot write a checkpoint", failure));
    database.beginWaitingForRoom();
    checkpointer.start();
    this.maintenance =
        new LocalMaintenance(
            directory,
            files,
            database,
            snapshots,
            new LocalMaintenance.Commits(commits, segments, checkpointer, recoverable),
            () -> applied,
            settings,
            clock);
    this.upkeep = upkeep(settings.upkeepInterval());
    upkeep.start();
  }

  private Upkeep upkeep(Duration interval) {
    return new Upkeep(
        interval,
        List.of(
            maintenance::forget,
            maintenance::snapshotIfDue,
            maintenance::collectIfDue,
            messages::describeSome,
            indexes::tidyShelves));
  }

  /** Null when there cannot be any; all works without. */
  private static @Nullable Shelves shelves(
      DataDirectory directory,
      LogFiles files,
      H2Database database,
      InstantSource clock,
      StoreSettings settings) {
    try {
      directory.makeIndex();
      return new Shelves(
          directory.index(),
          directory.store(),
          settings.shelfMessages(),
          octets ->
              !database.isWaitingForRoom()
                  && files.usableOctets() >= settings.reserveOctets() + octets,
          clock);
    } catch (IOException e) {
      log.warn("store.no-shelves cause=\"{}\"", DiskTrouble.describe(e));
      return null;
    }
  }

  private static DiskSpool openSpool(DataDirectory directory, StoreSettings settings)
      throws StoreException {
    try {
      return new DiskSpool(directory.spool(), settings.disk().spool());
    } catch (IOException e) {
      throw new StoreException(
          Kind.UNUSABLE, "cannot empty the spool: " + DiskTrouble.describe(e), e);
    }
  }

  /** On the applier: first the tables, then what is in memory, then the signal. */
  private void makeVisible(List<Change> changes, LogPosition after) throws StoreException {
    projection.apply(changes, after);
    applied = after;
    checkpointer.applied(after);
    accounts.apply(changes);
    mailboxes.apply(changes);
    messages.apply(changes);
    indexes.apply(changes);
    queue.apply(changes);
    signals.announce(changes);
    maintenance.apply(changes);
  }

  @Override
  public Accounts accounts() {
    return accounts;
  }

  @Override
  public Mailboxes mailboxes() {
    return mailboxes;
  }

  @Override
  public Sharing sharing() {
    return sharing;
  }

  @Override
  public Annotations annotations() {
    return annotations;
  }

  @Override
  public Messages messages() {
    return messages;
  }

  @Override
  public Recoverable recoverable() {
    return recoverable;
  }

  H2Database database() {
    return database;
  }

  Bodies bodies() {
    return bodies;
  }

  GroupCommit log() {
    return commits;
  }

  StoredMessages storedMessages() {
    return messages;
  }

  LocalMaintenance localMaintenance() {
    return maintenance;
  }

  @Override
  public Maintenance maintenance() {
    return maintenance;
  }

  @Override
  public Queue queue() {
    return queue;
  }

  @Override
  public ChangeFeed changes() {
    return signals;
  }

  @Override
  public Spool spool() {
    return spool;
  }

  @Override
  public Committed commit(Commit commit) throws StoreException {
    CommitPlan plan = new CommitPlan(commit, queue::settle, clock);
    if (commit.removal().isEmpty()) {
      return commit(plan);
    }
    Commit.Removal removal = commit.removal().get();
    return planned.whileMessagesStand(
        removal.mailbox(),
        plan.mailboxes(),
        () -> {
          messages.requirePresent(removal);
          return commit(plan);
        });
  }

  private Committed commit(CommitPlan plan) throws StoreException {
    if (!compress || plan.sources().isEmpty()) {
      return commits.commit(plan.sources(), plan::plan);
    }
    try (PackedSources packed = PackedSources.of(plan.sources(), packer)) {
      return commits.commit(packed.sources(), plan::plan);
    }
  }

  @Override
  public void requireWritable() throws StoreException {
    commits.requireSound();
    commits.requireRoom();
  }

  @Override
  public void close() throws StoreException {
    synchronized (this) {
      if (closed) {
        return;
      }
      closed = true;
    }
    database.stopWaitingForRoom();
    maintenance.close();
    upkeep.close();
    commits.close();
    checkpointer.close();
    try {
      commits.requireSound();
      indexes.closeShelves();
      closeProjection();
    } finally {
      closeFiles();
    }
  }

  /** On a full disk the next start has more to replay. */
  private void closeProjection() throws StoreException {
    try {
      checkpoints.writeLast(applied);
      checkpoints.writeLast(applied);
    } catch (StoreException e) {
      if (e.kind() != Kind.NO_SPACE) {
        throw e;
      }
      log.warn("store.no-room checkpoint=not-written cause=\"{}\"", e.getMessage());
    }
  }

  private void closeFiles() throws StoreException {
    try (directory) {
      database.close();
    } catch (StoreException e) {
      if (e.kind() != Kind.NO_SPACE) {
        throw e;
      }
      log.warn("store.no-room projection=not-closed cause=\"{}\"", e.getMessage());
    } finally {
      closeLog();
    }
  }

  private void closeLog() throws StoreException {
    try {
      segments.close();
    } catch (IOException e) {
      throw new StoreException(Kind.FATAL, "cannot close the log: " + e.getMessage(), e);
    }
  }
}
