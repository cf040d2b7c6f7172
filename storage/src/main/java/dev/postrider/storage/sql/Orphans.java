package dev.postrider.storage.sql;

import dev.postrider.storage.StoreException;
import dev.postrider.storage.changes.BodyLocation;
import dev.postrider.storage.messages.BodyId;
import java.sql.Array;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** Bodies that nobody needs, in a database that several servers share. Callers: the store alone. */
public final class Orphans {

  private static final String UNUSED =
      " not exists (select 1 from message m where m.body = b.id)"
          + " and not exists (select 1 from expunged x where x.body = b.id)"
          + " and not exists (select 1 from queue_entry q where q.body = b.id)";

  private final PostgresDatabase database;

  public Orphans(PostgresDatabase database) {
    this.database = database;
  }

  /** Bodies without a user at this moment, from behind {@code after} on, at most {@code max}. */
  public List<BodyId> find(BodyId after, int max) throws StoreException {
    return database.read(
        session -> {
          PreparedStatement query =
              session.prepare(
                  "select b.id from body b where b.id > ? and" + UNUSED + " order by b.id limit ?");
          query.setLong(1, after.value());
          query.setInt(2, max);
          return ids(query);
        });
  }

  /**
   * Removes those of {@code bodies} that still have no user, in the transaction of this thread. Who
   * files a body again has locked its row before, by {@link #hold}.
   *
   * @return where they were
   */
  public Map<BodyId, BodyLocation> remove(Collection<BodyId> bodies) throws StoreException {
    return database.read(
        session -> {
          PreparedStatement lock =
              session.prepare("select id from body where id = any(?) for update skip locked");
          lock.setArray(1, array(session, bodies));
          List<BodyId> locked = ids(lock);
          // A second statement, as only that sees who filed one before its row was ours.
          PreparedStatement delete =
              session.prepare(
                  "delete from body b where b.id = any(?) and"
                      + UNUSED
                      + " returning b.id, b.segment, b.position, b.octets, b.crc");
          delete.setArray(1, array(session, locked));
          Map<BodyId, BodyLocation> removed = new LinkedHashMap<>();
          try (ResultSet rows = delete.executeQuery()) {
            while (rows.next()) {
              removed.put(
                  new BodyId(rows.getLong(1)),
                  new BodyLocation(
                      rows.getInt(2), rows.getLong(3), rows.getLong(4), rows.getInt(5)));
            }
          }
          PreparedStatement descriptions =
              session.prepare("delete from description where id = any(?)");
          descriptions.setArray(1, array(session, removed.keySet()));
          descriptions.executeUpdate();
          PreparedStatement chunks = session.prepare("delete from body_chunk where body = any(?)");
          chunks.setArray(1, array(session, removed.keySet()));
          chunks.executeUpdate();
          return removed;
        });
  }

  /**
   * Keeps {@code bodies} from being removed until the transaction of this thread ends. Returns
   * those that there are.
   */
  public Set<BodyId> hold(Collection<BodyId> bodies) throws StoreException {
    return database.read(
        session -> {
          PreparedStatement query =
              session.prepare("select id from body where id = any(?) for key share");
          query.setArray(1, array(session, bodies));
          return new HashSet<>(ids(query));
        });
  }

  /** Those of {@code bodies} that have a row. */
  public Set<BodyId> present(Collection<BodyId> bodies) throws StoreException {
    return database.read(
        session -> {
          PreparedStatement query = session.prepare("select id from body where id = any(?)");
          query.setArray(1, array(session, bodies));
          return new HashSet<>(ids(query));
        });
  }

  /** Bodies of which there are pieces but no row, at most {@code max}. */
  public List<BodyId> strayChunks(int max) throws StoreException {
    return database.read(
        session -> {
          PreparedStatement query =
              session.prepare(
                  "select distinct c.body from body_chunk c where not exists"
                      + " (select 1 from body b where b.id = c.body) order by c.body limit ?");
          query.setInt(1, max);
          return ids(query);
        });
  }

  private static List<BodyId> ids(PreparedStatement query) throws SQLException {
    List<BodyId> ids = new ArrayList<>();
    try (ResultSet rows = query.executeQuery()) {
      while (rows.next()) {
        ids.add(new BodyId(rows.getLong(1)));
      }
    }
    return ids;
  }

  private static Array array(Session session, Collection<BodyId> bodies) throws SQLException {
    return session
        .connection()
        .createArrayOf("bigint", bodies.stream().map(BodyId::value).toArray());
  }
}
