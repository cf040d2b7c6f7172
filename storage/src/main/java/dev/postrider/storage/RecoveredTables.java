package dev.postrider.storage;

import dev.postrider.storage.StoreException.Kind;
import dev.postrider.storage.log.DiskTrouble;
import dev.postrider.storage.log.LogFiles;
import dev.postrider.storage.log.LogPosition;
import dev.postrider.storage.log.Recovery;
import dev.postrider.storage.snapshot.Snapshots;
import dev.postrider.storage.sql.Checkpoints;
import dev.postrider.storage.sql.H2Database;
import dev.postrider.storage.sql.MessageRows;
import dev.postrider.storage.sql.Projection;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Optional;
import java.util.Set;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The tables, brought to the end of the log.
 *
 * <p>Those that do not open, are of another version, do not add up, or do not take the log are set
 * aside, and made again from the newest snapshot and the log behind it. Other trouble, as with the
 * log or with room on the disk, is told, and leaves them as they are.
 */
record RecoveredTables(
    H2Database database, Projection projection, Checkpoints checkpoints, LogPosition end) {

  private static final Logger log = LoggerFactory.getLogger(RecoveredTables.class);

  /** What they are made of. */
  record Source(DataDirectory directory, LogFiles files, Snapshots snapshots, String disk) {}

  static RecoveredTables open(Source source) throws StoreException {
    Recovery recovery = new Recovery(source.files(), source.directory().store());
    // Collection removes only what no snapshot that is kept would ask for.
    int complete = source.snapshots().oldest().map(LogPosition::segment).orElse(0);
    recovery.requireSegments(segment -> segment < complete);
    source.directory().removeScratch();
    H2Database database = openDatabase(source);
    try {
      return recover(source, recovery, database);
    } catch (StoreException e) {
      giveUp(database, e);
      if (e.kind() != Kind.FATAL) {
        throw e;
      }
      return recoverAgain(source, recovery, String.valueOf(e.getMessage()));
    } catch (RuntimeException e) {
      giveUp(database, e);
      throw e;
    }
  }

  private static RecoveredTables recoverAgain(Source source, Recovery recovery, String cause)
      throws StoreException {
    H2Database database = openAnew(source, cause);
    try {
      return recover(source, recovery, database);
    } catch (StoreException | RuntimeException e) {
      giveUp(database, e);
      throw e;
    }
  }

  private static RecoveredTables recover(Source source, Recovery recovery, H2Database database)
      throws StoreException {
    Checkpoints checkpoints = new Checkpoints(database);
    recovery.requireUpTo(checkpoints.newest());
    requireSegmentsOfBodies(source.files(), database);
    checkpoints.forgetFacts();
    Projection projection = new Projection(database);
    Optional<LogPosition> checkpoint = checkpoints.older();
    if (checkpoint.isEmpty()) {
      source.directory().forgetIndexes();
    }
    LogPosition from =
        checkpoint.isPresent() ? checkpoint.get() : Rebuild.load(source.snapshots(), projection);
    LogPosition durable = checkpoint.isPresent() ? checkpoints.newest() : from;
    LogPosition end = Rebuild.replay(recovery, from, durable, projection);
    projection.endReplay();
    if (checkpoint.isEmpty() || !end.equals(from)) {
      var _ = checkpoints.write(end);
      var _ = checkpoints.write(end);
    }
    log.info(
        "store.recovered records={} segment={} offset={}",
        end.sequence() - from.sequence(),
        end.segment(),
        end.offset());
    return new RecoveredTables(database, projection, checkpoints, end);
  }

  /** Without a word to H2's file: what cannot be opened is left as it is. */
  static void giveUp(H2Database database, Exception cause) {
    try {
      database.abandon();
    } catch (StoreException e) {
      cause.addSuppressed(e);
    }
  }

  /** A segment from before the snapshots may have been collected, unless a body is in it. */
  private static void requireSegmentsOfBodies(LogFiles files, H2Database database)
      throws StoreException {
    Set<Integer> present;
    try {
      present = files.list();
    } catch (IOException e) {
      throw new StoreException(Kind.UNUSABLE, "cannot read the log: " + DiskTrouble.describe(e), e);
    }
    for (int segment : new MessageRows(database).segments()) {
      if (!present.contains(segment)) {
        throw Recovery.missing(segment);
      }
    }
  }

  private static H2Database openDatabase(Source source) throws StoreException {
    String cause;
    try {
      H2Database database = H2Database.open(source.directory().h2(), source.disk());
      Optional<String> contradiction = contradiction(database);
      if (contradiction.isEmpty()) {
        return database;
      }
      cause = "the projection does not add up: " + contradiction.get();
      database.abandon();
    } catch (StoreException e) {
      if (e.kind() != Kind.CORRUPT) {
        throw e;
      }
      cause = String.valueOf(e.getMessage());
    }
    return openAnew(source, cause);
  }

  private static H2Database openAnew(Source source, String cause) throws StoreException {
    Path aside = source.directory().setH2Aside();
    log.error("store.projection-set-aside to={} cause=\"{}\"", aside, cause);
    return H2Database.open(source.directory().h2(), source.disk());
  }

  private static Optional<String> contradiction(H2Database database) {
    try {
      return new Checkpoints(database).contradiction();
    } catch (StoreException e) {
      return Optional.of("it cannot be read: " + e.getMessage());
    }
  }
}
