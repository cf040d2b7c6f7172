package dev.postrider.storage.sql;

import dev.postrider.storage.StoreException;
import dev.postrider.storage.accounts.Account;
import dev.postrider.storage.accounts.AccountId;
import dev.postrider.storage.changes.LogNumbers;
import dev.postrider.storage.changes.Numbers;
import dev.postrider.storage.log.LogPosition;
import dev.postrider.storage.mailboxes.MailboxId;
import dev.postrider.storage.queue.QueueId;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Up to where the tables have the log. Callers: the store alone, on one thread.
 *
 * <p>Two slots are written in turn, each before H2 is forced; recovery takes the older one. So even
 * when H2 kept the newest position but not the rows that were written with it, they are replayed.
 */
public final class Checkpoints {

  private final H2Database database;
  private int slot;

  public Checkpoints(H2Database database) {
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

  /**
   * Whether the tables contradict themselves, as far as can be seen in little time; in words.
   *
   * <p>When nothing was applied after the newer checkpoint, what was counted then must still be so.
   * After a crash there is usually more; then the counters are looked at, and {@link Leftovers}.
   */
  public Optional<String> contradiction() throws StoreException {
    Optional<String> left = isClean() ? Optional.empty() : database.leftovers(trees());
    if (left.isPresent()) {
      return left;
    }
    try (FrozenTables tables = database.freeze()) {
      Optional<String> counted =
          tables.ask(
              "select c.facts from checkpoint c join applied a on a.sequence = c.sequence"
                  + " where c.facts is not null",
              rows -> rows.next() ? Optional.of(rows.getString(1)) : Optional.empty());
      if (counted.isPresent()) {
        String now = facts();
        if (!counted.get().equals(now)) {
          return Optional.of("it has " + now + ", but had " + counted.get());
        }
      }
      return tables.ask(
          AGAIN,
          rows ->
              rows.next()
                  ? Optional.of("mailbox " + rows.getLong(1) + " will give a UID again")
                  : Optional.empty());
    }
  }

  /** Whether the last checkpoint was written when the store was closed. */
  public boolean isClean() throws StoreException {
    return database.read(
        session -> {
          try (ResultSet rows =
              session.prepare("select 1 from checkpoint where facts is not null").executeQuery()) {
            return rows.next();
          }
        });
  }

  /** Since when transactions may be unfinished; from the start when nobody knows. */
  private long trees() throws StoreException {
    return database.read(
        session -> {
          try (ResultSet rows =
              session
                  .prepare("select coalesce(min(coalesce(trees, 0)), 0) from checkpoint")
                  .executeQuery()) {
            rows.next();
            return rows.getLong(1);
          }
        });
  }

  private static final String AGAIN =
      "select b.id from mailbox b where exists (select 1 from message where id between b.id *"
          + " 4294967296 + b.uid_next and b.id * 4294967296 + 4294967295) limit 1";

  private static final List<String> COUNTED =
      List.of(
          "account",
          "mailbox",
          "subscription",
          "mailbox_right",
          "annotation",
          "body",
          "description",
          "message",
          "expunged",
          "queue_entry");

  /**
   * How many rows each table has, when nobody writes. H2 knows that without reading them, but not
   * in the isolation of {@link FrozenTables}: there it counts them.
   */
  private String facts() throws StoreException {
    return database.read(
        session -> {
          StringBuilder facts = new StringBuilder();
          for (String table : COUNTED) {
            try (ResultSet rows = session.prepare("select count(*) from " + table).executeQuery()) {
              rows.next();
              facts.append(facts.isEmpty() ? "" : " ").append(table);
              facts.append('=').append(rows.getLong(1));
            }
          }
          return facts.toString();
        });
  }

  /**
   * Before a replay: the tables go through states again that were, and a crash in their midst must
   * not be taken for damage.
   */
  public void forgetFacts() throws StoreException {
    database.write(
        session -> session.prepare("update checkpoint set facts = null").executeUpdate());
  }

  /**
   * Returns when the tables, with everything before {@code position}, are on the disk.
   *
   * @return whether to do it again although nothing changed makes their file smaller
   */
  public boolean write(LogPosition position) throws StoreException {
    return write(position, Optional.empty());
  }

  /**
   * The same when nothing is written any more, with what {@link #contradiction} compares. While
   * transactions are written nobody counts rows: docs/decisions/0003-h2-pinned.md says why.
   */
  public void writeLast(LogPosition position) throws StoreException {
    var _ = write(position, factsAt(position));
  }

  private boolean write(LogPosition position, Optional<String> facts) throws StoreException {
    slot = 1 - slot;
    long trees = database.version();
    database.write(
        session -> {
          PreparedStatement merge =
              session.prepare(
                  "merge into checkpoint (slot, segment, position, sequence, facts, trees)"
                      + " key (slot) values (?, ?, ?, ?, ?, ?)");
          merge.setInt(1, slot);
          merge.setInt(2, position.segment());
          merge.setLong(3, position.offset());
          merge.setLong(4, position.sequence());
          merge.setString(5, facts.orElse(null));
          merge.setLong(6, trees);
          return merge.executeUpdate();
        });
    return database.force();
  }

  /** Empty when the tables are beyond {@code position} already. */
  private Optional<String> factsAt(LogPosition position) throws StoreException {
    try (FrozenTables tables = database.freeze()) {
      return tables.applied().equals(position) ? Optional.of(facts()) : Optional.empty();
    }
  }

  /** The numbers as the tables have them. */
  public LogNumbers numbers() throws StoreException {
    return database.read(
        session -> {
          Map<String, Long> highest = new HashMap<>();
          try (ResultSet rows = session.prepare("select name, given from highest").executeQuery()) {
            while (rows.next()) {
              highest.put(rows.getString(1), rows.getLong(2));
            }
          }
          LogNumbers numbers =
              new LogNumbers(
                  highest.getOrDefault("account", 0L),
                  highest.getOrDefault("mailbox", 0L),
                  highest.getOrDefault("body", 0L),
                  highest.getOrDefault("queue", 0L));
          try (ResultSet rows =
              session
                  .prepare(
                      "select id, account, uid_validity, uid_next, highest_modseq, messages,"
                          + " octets from mailbox")
                  .executeQuery()) {
            while (rows.next()) {
              numbers.restore(
                  new MailboxId(rows.getLong(1)),
                  new AccountId(rows.getLong(2)),
                  new Numbers.Counters(rows.getLong(3), rows.getLong(4), rows.getLong(5)),
                  rows.getLong(6),
                  rows.getLong(7));
            }
          }
          try (ResultSet rows = session.prepare(AccountRows.COLUMNS).executeQuery()) {
            while (rows.next()) {
              Account account = AccountRows.account(rows);
              numbers.restore(account.id(), account.quota());
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
