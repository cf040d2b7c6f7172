package dev.postrider.storage.sql;

import dev.postrider.storage.StoreException;
import dev.postrider.storage.changes.Change;
import dev.postrider.storage.log.LogPosition;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.util.List;

/**
 * Keeps the tables of H2 up with the log: writes changes, and up to where the tables have it, in
 * one transaction. Callers: the store alone, on one thread. It begins with a replay.
 */
public final class Projection implements AutoCloseable {

  private final H2Database database;
  private final Session session;
  private final ChangeRows rows;

  public Projection(H2Database database) throws StoreException {
    this.database = database;
    try {
      this.session = database.connect();
      this.rows = new ChangeRows(session, database.dialect(), true);
      rows.counters().replay();
      session.connection().setAutoCommit(false);
      for (String name : Schema.NUMBERED) {
        PreparedStatement insert =
            session.prepare("insert into highest values (?, 0) on conflict do nothing");
        insert.setString(1, name);
        insert.executeUpdate();
      }
      session
          .prepare("insert into applied values (1, 0, 0, 1) on conflict do nothing")
          .executeUpdate();
      session.connection().commit();
    } catch (SQLException e) {
      throw database.failure(e);
    }
  }

  /** Writes {@code changes} in one transaction. {@code after} is the position behind them. */
  public void apply(List<Change> changes, LogPosition after) throws StoreException {
    database.transaction().lock();
    try {
      rows.write(changes);
      // A replay goes through positions that the tables are beyond already.
      PreparedStatement reached =
          session.prepare(
              "update applied set segment = ?, position = ?, sequence = ? where sequence <= ?");
      reached.setInt(1, after.segment());
      reached.setLong(2, after.offset());
      reached.setLong(3, after.sequence());
      reached.setLong(4, after.sequence());
      reached.executeUpdate();
      session.connection().commit();
    } catch (SQLException e) {
      throw database.failure(e);
    } finally {
      database.transaction().unlock();
    }
  }

  /**
   * Counts the messages of every mailbox that changed in a replay. While it goes through states
   * that were, nobody can tell what is new.
   */
  public void count() throws StoreException {
    database.transaction().lock();
    try {
      rows.counters().count();
      session.connection().commit();
    } catch (SQLException e) {
      throw database.failure(e);
    } finally {
      database.transaction().unlock();
    }
  }

  /** From now on each change comes once, and mailboxes are counted with it. */
  public void endReplay() throws StoreException {
    count();
    rows.counters().endReplay();
  }

  /** Gives the connection back, of tables that are not needed any more. */
  @Override
  public void close() throws StoreException {
    try {
      database.disconnect(session);
    } catch (SQLException e) {
      throw database.failure(e);
    }
  }
}
