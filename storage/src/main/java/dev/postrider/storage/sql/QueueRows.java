package dev.postrider.storage.sql;

import dev.postrider.protocol.address.MailAddress;
import dev.postrider.storage.StoreException;
import dev.postrider.storage.messages.BodyId;
import dev.postrider.storage.queue.QueueEntry;
import dev.postrider.storage.queue.QueueId;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;

/** Reads the queue. Callers: the store alone. */
public final class QueueRows {

  static final String COLUMNS =
      "select id, body, octets, sender_local, sender_domain, recipient_local,"
          + " recipient_domain, trace_id, smtp_utf8, eight_bit, queued_at, next_attempt,"
          + " attempts, last_reply, delay_noticed from queue_entry";

  private final Database database;

  public QueueRows(Database database) {
    this.database = database;
  }

  public Optional<QueueEntry> find(QueueId entry) throws StoreException {
    return database.read(
        session -> {
          PreparedStatement query = session.prepare(COLUMNS + " where id = ?");
          query.setLong(1, entry.value());
          try (ResultSet rows = query.executeQuery()) {
            return rows.next() ? Optional.of(entry(rows)) : Optional.empty();
          }
        });
  }

  /** Entries by next attempt, at most {@code max}. */
  public List<QueueEntry> list(int max) throws StoreException {
    return database.read(
        session -> {
          PreparedStatement query = session.prepare(COLUMNS + " order by next_attempt, id limit ?");
          query.setInt(1, max);
          List<QueueEntry> entries = new ArrayList<>();
          try (ResultSet rows = query.executeQuery()) {
            while (rows.next()) {
              entries.add(entry(rows));
            }
          }
          return List.copyOf(entries);
        });
  }

  public int size() throws StoreException {
    return database.read(
        session -> {
          try (ResultSet rows =
              session.prepare("select count(*) from queue_entry").executeQuery()) {
            rows.next();
            return rows.getInt(1);
          }
        });
  }

  /** Every entry, in no order. */
  public void each(Consumer<QueueEntry> consumer) throws StoreException {
    database.read(
        session -> {
          int count = 0;
          try (ResultSet rows = session.prepare(COLUMNS).executeQuery()) {
            while (rows.next()) {
              consumer.accept(entry(rows));
              count++;
            }
          }
          return count;
        });
  }

  static QueueEntry entry(ResultSet rows) throws SQLException {
    String senderLocal = rows.getString(4);
    return new QueueEntry(
        new QueueId(rows.getLong(1)),
        new BodyId(rows.getLong(2)),
        rows.getLong(3),
        senderLocal == null
            ? Optional.empty()
            : Optional.of(new MailAddress(senderLocal, rows.getString(5))),
        new MailAddress(rows.getString(6), rows.getString(7)),
        rows.getString(8),
        rows.getBoolean(9),
        rows.getBoolean(10),
        Instant.ofEpochMilli(rows.getLong(11)),
        Instant.ofEpochMilli(rows.getLong(12)),
        rows.getInt(13),
        rows.getString(14),
        rows.getBoolean(15));
  }
}
