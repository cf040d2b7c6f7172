package dev.postrider.storage.sql;

import dev.postrider.storage.StoreException;
import dev.postrider.storage.changes.Change;
import dev.postrider.storage.queue.QueueId;
import java.sql.Array;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * Which server is about which entry of the queue. A lease ends by itself when its server does not
 * renew it. Times are the database's, so the clocks of servers do not matter. Callers: the store
 * alone, on any thread.
 */
public final class QueueLeases {

  /** How long a server that died holds its entries. */
  public static final Duration LEASE = Duration.ofSeconds(60);

  private static final String NOW = "cast(extract(epoch from clock_timestamp()) * 1000 as bigint)";

  // Both servers of a race may see a row free, but only one of them the lease: the last condition
  // is looked at again on the row as it is then.
  private static final String CLAIM =
      "with free as (select e.id from queue_entry e left join queue_lease l on l.entry = e.id"
          + (" where e.next_attempt <= ? and (l.entry is null or l.until < " + NOW + ")")
          + " order by e.next_attempt, e.id limit ? for update of e skip locked)"
          + (" insert into queue_lease (entry, owner, until) select id, ?, " + NOW + " + ?")
          + " from free on conflict (entry) do update set owner = excluded.owner,"
          + (" until = excluded.until where queue_lease.until < " + NOW)
          + " returning entry";

  private static final String NEXT_FREE =
      "select e.next_attempt from queue_entry e where not exists"
          + (" (select 1 from queue_lease l where l.entry = e.id and l.until >= " + NOW + ")")
          + " order by e.next_attempt limit 1";

  private final PostgresDatabase database;
  private final String owner;

  /** {@code owner} names this run of this server. */
  public QueueLeases(PostgresDatabase database, String owner) {
    this.database = database;
    this.owner = owner;
  }

  /** Takes up to {@code max} entries that are due and that nobody has, oldest due first. */
  public List<QueueId> claim(Instant now, int max) throws StoreException {
    return database.transaction(
        () ->
            database.read(
                session -> {
                  PreparedStatement claim = session.prepare(CLAIM);
                  claim.setLong(1, now.toEpochMilli());
                  claim.setInt(2, max);
                  claim.setString(3, owner);
                  claim.setLong(4, LEASE.toMillis());
                  List<QueueId> claimed = new ArrayList<>();
                  try (ResultSet rows = claim.executeQuery()) {
                    while (rows.next()) {
                      claimed.add(new QueueId(rows.getLong(1)));
                    }
                  }
                  return claimed;
                }));
  }

  /** Gives entries back. */
  public void release(List<QueueId> entries) throws StoreException {
    database.read(
        session -> {
          PreparedStatement delete =
              session.prepare("delete from queue_lease where owner = ? and entry = any(?)");
          delete.setString(1, owner);
          delete.setArray(2, ids(session, entries));
          return delete.executeUpdate();
        });
  }

  /** To be called well within {@link #LEASE}. */
  public void renew(List<QueueId> entries) throws StoreException {
    database.read(
        session -> {
          PreparedStatement update =
              session.prepare(
                  "update queue_lease set until = "
                      + NOW
                      + " + ? where owner = ? and entry = any(?)");
          update.setLong(1, LEASE.toMillis());
          update.setString(2, owner);
          update.setArray(3, ids(session, entries));
          return update.executeUpdate();
        });
  }

  /** Whether another server has the entry, in the transaction of this thread. */
  public boolean isElsewhere(QueueId entry) throws StoreException {
    return database.read(
        session -> {
          PreparedStatement query =
              session.prepare(
                  "select 1 from queue_lease where entry = ? and owner <> ? and until >= " + NOW);
          query.setLong(1, entry.value());
          query.setString(2, owner);
          try (ResultSet rows = query.executeQuery()) {
            return rows.next();
          }
        });
  }

  /** Ends the leases of entries that {@code changes} settle, in the transaction of this thread. */
  public void settle(List<Change> changes) throws StoreException {
    List<QueueId> settled = new ArrayList<>();
    for (Change change : changes) {
      if (change instanceof Change.QueueDone done) {
        settled.add(done.entry());
      } else if (change instanceof Change.QueueDeferred deferred) {
        settled.add(deferred.entry());
      }
    }
    if (settled.isEmpty()) {
      return;
    }
    database.read(
        session -> {
          PreparedStatement delete =
              session.prepare("delete from queue_lease where entry = any(?)");
          delete.setArray(1, ids(session, settled));
          return delete.executeUpdate();
        });
  }

  /** When the next entry that nobody has is due. */
  public Optional<Instant> nextDue() throws StoreException {
    return database.read(
        session -> {
          try (ResultSet rows = session.prepare(NEXT_FREE).executeQuery()) {
            return rows.next()
                ? Optional.of(Instant.ofEpochMilli(rows.getLong(1)))
                : Optional.empty();
          }
        });
  }

  private static Array ids(Session session, List<QueueId> entries) throws SQLException {
    Object[] ids = entries.stream().map(QueueId::value).toArray();
    return session.connection().createArrayOf("bigint", ids);
  }
}
