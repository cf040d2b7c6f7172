package dev.postrider.storage;

import dev.postrider.storage.audit.Audit;
import dev.postrider.storage.audit.Finding;
import dev.postrider.storage.log.LogFiles;
import dev.postrider.storage.log.LogPosition;
import dev.postrider.storage.snapshot.SnapshotFile;
import dev.postrider.storage.snapshot.Snapshots;
import dev.postrider.storage.sql.Database;
import dev.postrider.storage.sql.FrozenTables;
import dev.postrider.storage.sql.Projection;
import java.io.IOException;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.SortedSet;
import java.util.concurrent.locks.ReentrantLock;

/** Maintenance of the local store; under one lock, which nothing else takes. */
final class LocalMaintenance implements Maintenance {

  private final DataDirectory directory;
  private final LogFiles files;
  private final Database database;
  private final Snapshots snapshots;
  private final InstantSource clock;
  private final ReentrantLock lock = new ReentrantLock();

  LocalMaintenance(
      DataDirectory directory,
      LogFiles files,
      Database database,
      Snapshots snapshots,
      InstantSource clock) {
    this.directory = directory;
    this.files = files;
    this.database = database;
    this.snapshots = snapshots;
    this.clock = clock;
  }

  @Override
  public List<Finding> verify(Progress progress) throws StoreException {
    lock.lock();
    try {
      return verify(directory, files, snapshots, database, progress);
    } finally {
      lock.unlock();
    }
  }

  static List<Finding> verify(
      DataDirectory directory,
      LogFiles files,
      Snapshots snapshots,
      Database database,
      Progress progress)
      throws StoreException {
    Database scratch = Database.open(directory.makeScratch());
    try {
      Audit audit = new Audit(files, directory.store(), progress);
      audit.snapshots(snapshots.damaged());
      return audit.run(database, base(files, snapshots, scratch), scratch);
    } finally {
      scratch.abandon();
      directory.removeScratch();
    }
  }

  /** Where a replay can begin: at the start while the log is complete, else at a snapshot. */
  private static LogPosition base(LogFiles files, Snapshots snapshots, Database scratch)
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
      throw new StoreException(
          StoreException.Kind.UNUSABLE, "cannot read the log: " + e.getMessage(), e);
    }
  }

  /** Writes one when the log has grown enough since the last. Gives way to other maintenance. */
  void snapshotIfDue(long octets) throws StoreException {
    if (!lock.tryLock()) {
      return;
    }
    try (FrozenTables tables = database.freeze()) {
      List<SnapshotFile> present = snapshots.list();
      LogPosition last = present.isEmpty() ? LogPosition.START : present.getFirst().position();
      if (octetsBetween(last, tables.applied()) >= octets) {
        snapshots.take(tables, clock.instant());
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
      throw new StoreException(
          StoreException.Kind.UNUSABLE, "cannot read the log: " + e.getMessage(), e);
    }
  }
}
