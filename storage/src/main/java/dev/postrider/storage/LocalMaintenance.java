package dev.postrider.storage;

import dev.postrider.storage.audit.Audit;
import dev.postrider.storage.audit.Finding;
import dev.postrider.storage.log.LogFiles;
import dev.postrider.storage.log.LogPosition;
import dev.postrider.storage.sql.Database;
import java.util.List;
import java.util.concurrent.locks.ReentrantLock;

/** Maintenance of the local store; under one lock, which nothing else takes. */
final class LocalMaintenance implements Maintenance {

  private final DataDirectory directory;
  private final LogFiles files;
  private final Database database;
  private final ReentrantLock lock = new ReentrantLock();

  LocalMaintenance(DataDirectory directory, LogFiles files, Database database) {
    this.directory = directory;
    this.files = files;
    this.database = database;
  }

  @Override
  public List<Finding> verify(Progress progress) throws StoreException {
    lock.lock();
    try {
      return verify(directory, files, database, progress);
    } finally {
      lock.unlock();
    }
  }

  static List<Finding> verify(
      DataDirectory directory, LogFiles files, Database database, Progress progress)
      throws StoreException {
    Database scratch = Database.open(directory.makeScratch());
    try {
      Audit audit = new Audit(files, directory.store(), progress);
      return audit.run(database, LogPosition.START, scratch);
    } finally {
      scratch.abandon();
      directory.removeScratch();
    }
  }
}
