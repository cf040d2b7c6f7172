package dev.postrider.storage.sql;

import dev.postrider.storage.StoreException;
import dev.postrider.storage.changes.BodyDescription;
import dev.postrider.storage.messages.BodyId;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Reads what is stored of bodies. Callers: the store alone. */
public final class DescriptionRows {

  static final String COLUMNS =
      "select id, version, header_octets, header_crc, bytes from description";

  private final Database database;

  public DescriptionRows(Database database) {
    this.database = database;
  }

  /** That of one body, whatever its version. */
  public Optional<BodyDescription> find(BodyId body) throws StoreException {
    return database.read(
        session -> {
          PreparedStatement query = session.prepare(COLUMNS + " where id = ?");
          query.setLong(1, body.value());
          try (ResultSet rows = query.executeQuery()) {
            return rows.next() ? Optional.of(description(rows)) : Optional.empty();
          }
        });
  }

  /**
   * Those of bodies from {@code first} on in the order of their ids, at most {@code most}, but for
   * those of more than {@code octetsMax} octets.
   */
  public Map<BodyId, BodyDescription> ahead(BodyId first, int most, int octetsMax)
      throws StoreException {
    return database.read(
        session -> {
          PreparedStatement query =
              session.prepare(
                  "select id, version, header_octets, header_crc,"
                      + " case when octet_length(bytes) <= ? then bytes end from description"
                      + " where id >= ? order by id limit ?");
          query.setInt(1, octetsMax);
          query.setLong(2, first.value());
          query.setInt(3, most);
          Map<BodyId, BodyDescription> found = HashMap.newHashMap(most);
          try (ResultSet rows = query.executeQuery()) {
            while (rows.next()) {
              byte[] bytes = rows.getBytes(5);
              if (bytes != null) {
                found.put(
                    new BodyId(rows.getLong(1)),
                    new BodyDescription(rows.getInt(2), rows.getLong(3), rows.getInt(4), bytes));
              }
            }
          }
          return found;
        });
  }

  /** A message by its key, which is only for going on behind it, and whether it has one. */
  public record Look(long key, BodyId body, boolean described) {}

  /**
   * Looks at the messages behind {@code key}, at most {@code most}, in the order of their keys.
   *
   * @param version another one does not count
   */
  public List<Look> look(long key, int most, int version) throws StoreException {
    return database.read(
        session -> {
          PreparedStatement query =
              session.prepare(
                  "select m.id, m.body, d.id from"
                      + " (select id, body from message where id > ? order by id limit ?) m"
                      + " left join description d on d.id = m.body and d.version = ?"
                      + " order by m.id");
          query.setLong(1, key);
          query.setInt(2, most);
          query.setInt(3, version);
          List<Look> found = new ArrayList<>();
          try (ResultSet rows = query.executeQuery()) {
            while (rows.next()) {
              boolean described = rows.getObject(3) != null;
              found.add(new Look(rows.getLong(1), new BodyId(rows.getLong(2)), described));
            }
          }
          return found;
        });
  }

  static BodyDescription description(ResultSet rows) throws SQLException {
    return new BodyDescription(rows.getInt(2), rows.getLong(3), rows.getInt(4), rows.getBytes(5));
  }
}
