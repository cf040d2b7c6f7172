package dev.postrider.storage.sql;

import dev.postrider.storage.StoreException;
import dev.postrider.storage.changes.Numbers;
import dev.postrider.storage.log.LogPosition;
import dev.postrider.storage.mailboxes.MailboxId;
import dev.postrider.storage.queue.QueueId;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;

/**
 * Up to where the tables have the log. Callers: the store alone, on one thread.
 *
 * <p>Two slots are written in turn, each before H2 is forced; recovery takes the older one. So even
 * when H2 kept the newest position but not the rows that were written with it, they are replayed.
 */
public final class Checkpoints {

  private final Database database;
  private int slot;

  public Checkpoints(Database database) {
    this.database = database;
  }

  /** Where to replay from; empty when not both slots were ever written. */
  public Optional<LogPosition> older() throws StoreException {
    return database.read(
        session -> {
          try (ResultSet rows =
              session
                  .prepare("select segment, position, sequence from checkpoint order by sequence")
                  .executeQuery()) {
            if (!rows.next()) {
              return Optional.empty();
            }
            LogPosition first = new LogPosition(rows.getInt(1), rows.getLong(2), rows.getLong(3));
            return rows.next() ? Optional.of(first) : Optional.empty();
          }
        });
  }

  /** Up to where the log was on the disk for sure; before everything when nobody knows. */
  public LogPosition newest() throws StoreException {
    return database.read(
        session -> {
          try (ResultSet rows =
              session
                  .prepare(
                      "select segment, position, sequence from checkpoint"
                          + " order by sequence desc limit 1")
                  .executeQuery()) {
            return rows.next()
                ? new LogPosition(rows.getInt(1), rows.getLong(2), rows.getLong(3))
                : LogPosition.START;
          }
        });
  }

  /** Returns when the tables, with everything before {@code position}, are on the disk. */
  public void write(LogPosition position) throws StoreException {
    slot = 1 - slot;
    database.read(
        session -> {
          PreparedStatement merge =
              session.prepare(
                  "merge into checkpoint (slot, segment, position, sequence) key (slot)"
                      + " values (?, ?, ?, ?)");
          merge.setInt(1, slot);
          merge.setInt(2, position.segment());
          merge.setLong(3, position.offset());
          merge.setLong(4, position.sequence());
          return merge.executeUpdate();
        });
    database.force();
  }

  /** The numbers as the tables have them. */
  public Numbers numbers() throws StoreException {
    return database.read(
        session -> {
          Map<String, Long> highest = new HashMap<>();
          try (ResultSet rows = session.prepare("select name, given from highest").executeQuery()) {
            while (rows.next()) {
              highest.put(rows.getString(1), rows.getLong(2));
            }
          }
          Numbers numbers =
              new Numbers(
                  highest.getOrDefault("account", 0L),
                  highest.getOrDefault("mailbox", 0L),
                  highest.getOrDefault("body", 0L),
                  highest.getOrDefault("queue", 0L));
          try (ResultSet rows =
              session
                  .prepare("select id, uid_validity, uid_next, highest_modseq from mailbox")
                  .executeQuery()) {
            while (rows.next()) {
              numbers.restore(
                  new MailboxId(rows.getLong(1)),
                  new Numbers.Counters(rows.getLong(2), rows.getLong(3), rows.getLong(4)));
            }
          }
          try (ResultSet rows = session.prepare("select id from queue_entry").executeQuery()) {
            while (rows.next()) {
              numbers.restore(new QueueId(rows.getLong(1)));
            }
          }
          return numbers;
        });
  }
}
