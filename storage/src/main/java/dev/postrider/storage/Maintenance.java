package dev.postrider.storage;

import dev.postrider.storage.audit.Finding;
import dev.postrider.storage.backup.Backup.Written;
import dev.postrider.storage.collection.Collector.Collected;
import java.nio.file.Path;
import java.util.List;

/**
 * What an operator has done to a store that is in use. Everything here may take minutes; one of
 * them runs at a time, the next one waits. Nobody else waits for any.
 */
public interface Maintenance {

  /**
   * Checks every record of the log and every row of the tables against each other. Empty: all is as
   * it should be.
   */
  List<Finding> verify(Progress progress) throws StoreException;

  /**
   * Forgets what is too old to be brought back, and gives back the room of what nobody needs:
   * slowly enough that nobody notices.
   */
  Collected collect(Progress progress) throws StoreException;

  /**
   * Adds what is new to the backup in {@code directory}, or begins one there.
   *
   * @throws StoreException REFUSED when mail is in a database; UNUSABLE when something else is in
   *     there, or it cannot be written
   */
  Written backup(Path directory, Progress progress) throws StoreException;
}
