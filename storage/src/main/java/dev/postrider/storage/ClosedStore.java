package dev.postrider.storage;

import dev.postrider.storage.StoreException.Kind;
import dev.postrider.storage.audit.Audit;
import dev.postrider.storage.audit.Finding;
import dev.postrider.storage.audit.Repair;
import dev.postrider.storage.backup.Backup;
import dev.postrider.storage.log.DiskLogFiles;
import dev.postrider.storage.log.LogFiles;
import dev.postrider.storage.log.LogPosition;
import dev.postrider.storage.snapshot.SnapshotFile;
import dev.postrider.storage.snapshot.Snapshots;
import dev.postrider.storage.sql.FrozenTables;
import dev.postrider.storage.sql.H2Database;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/** A store that no process uses, whether it can be opened or not. The directory is locked. */
public final class ClosedStore implements AutoCloseable {

  private final Path root;
  private final DataDirectory directory;
  private final StoreDisk disk;
  private final LogFiles files;

  private ClosedStore(Path root, DataDirectory directory, StoreDisk disk) {
    this.root = root;
    this.directory = directory;
    this.disk = disk;
    this.files = disk.log().apply(new DiskLogFiles(directory.log()));
  }

  /** Throws UNUSABLE when the directory is in use, or not ours. */
  public static ClosedStore at(Path dataDirectory) throws StoreException {
    return at(dataDirectory, StoreDisk.REAL);
  }

  /** The same on another disk. */
  public static ClosedStore at(Path dataDirectory, StoreDisk disk) throws StoreException {
    return new ClosedStore(dataDirectory, DataDirectory.open(dataDirectory), disk);
  }

  /** As {@link Maintenance#verify}; the end of the log may be torn, which a start puts right. */
  public List<Finding> verify(Progress progress) throws StoreException {
    H2Database database;
    try {
      if (!Files.exists(directory.h2().resolve("projection.mv.db"))) {
        throw new StoreException(Kind.CORRUPT, "is missing");
      }
      database = H2Database.open(directory.h2(), disk.projection());
    } catch (StoreException e) {
      List<Finding> findings =
          new ArrayList<>(new Audit(files, directory.store(), progress).log(complete()));
      findings.add(
          new Finding(
              "h2/projection.mv.db",
              -1,
              String.valueOf(e.getMessage()),
              "the next start makes the tables again"));
      return List.copyOf(findings);
    }
    try {
      return LocalMaintenance.verify(directory, files, snapshots(), database, progress);
    } finally {
      database.close();
    }
  }

  /**
   * Makes the store one that opens: what is damaged in the log is put aside, without losing
   * anything else, the tables are made again, and messages are described anew. Closes this.
   *
   * @return what was lost; empty when the log was whole
   */
  public List<Finding> repair(InstantSource clock, Progress progress) throws StoreException {
    List<Finding> lost;
    try (this) {
      Repair repair = new Repair(files, directory.store(), directory::damaged);
      lost = new ArrayList<>(repair.run(complete(), progress));
      if (Files.exists(directory.h2().resolve("projection.mv.db"))) {
        long had = lastRecordOfTables();
        long last = repair.end().sequence() - 1;
        if (had > last) {
          lost.add(
              new Finding(
                  "log",
                  -1,
                  "the tables had records up to " + had + ", but the log ends with " + last,
                  "what came after is lost; the tables as they were are kept in h2.bad-…"));
        }
        directory.setH2Aside();
      }
    }
    progress.at("tables", 0, 0);
    try (LocalStore store = LocalStore.open(root, clock, LocalStore.UNTOUCHED.withDisk(disk))) {
      store.storedMessages().describeAll();
      for (Finding finding : store.maintenance().verify(progress)) {
        lost.add(finding);
      }
    }
    return List.copyOf(lost);
  }

  /** A store that was made, and what is wrong with it. */
  public record Restored(Backup.Restored backup, List<Finding> findings) {}

  /**
   * Makes a store in {@code data}, which must be empty or not there, from the backup in {@code
   * directory}, and verifies it.
   *
   * @param until the moment whose state is wanted; empty: the last there is
   * @throws StoreException UNUSABLE, REFUSED when that moment is not in the backup, CORRUPT
   */
  public static Restored restore(
      Path directory, Path data, Optional<Instant> until, InstantSource clock, Progress progress)
      throws StoreException {
    requireEmpty(data);
    Backup.Restored restored =
        new Backup(directory).restore(data, until.orElse(null), DataDirectory::mark, progress);
    try (LocalStore store = LocalStore.open(data, clock, LocalStore.UNTOUCHED)) {
      return new Restored(restored, store.maintenance().verify(progress));
    }
  }

  private static void requireEmpty(Path data) throws StoreException {
    if (!Files.exists(data)) {
      return;
    }
    try (Stream<Path> files = Files.list(data)) {
      if (files.findAny().isEmpty()) {
        return;
      }
    } catch (IOException e) {
      throw new StoreException(Kind.UNUSABLE, "cannot read " + data + ": " + e.getMessage(), e);
    }
    throw new StoreException(
        Kind.UNUSABLE, data + " is not empty; a backup is restored to a new directory");
  }

  private Snapshots snapshots() {
    return new Snapshots(directory.snapshot(), directory.store());
  }

  /** From where on no segment may be missing. */
  private LogPosition complete() throws StoreException {
    return LocalMaintenance.isComplete(files)
        ? LogPosition.START
        : snapshots().newestWhole().map(SnapshotFile::position).orElse(LogPosition.START);
  }

  private long lastRecordOfTables() {
    try {
      H2Database database = H2Database.open(directory.h2(), disk.projection());
      try (FrozenTables tables = database.freeze()) {
        return tables.applied().sequence() - 1;
      } finally {
        database.close();
      }
    } catch (StoreException unusable) {
      // They are made again anyway.
      return 0;
    }
  }

  @Override
  public void close() throws StoreException {
    directory.close();
  }
}
