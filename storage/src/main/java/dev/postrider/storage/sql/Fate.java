package dev.postrider.storage.sql;

import dev.postrider.storage.StoreException;
import dev.postrider.storage.StoreException.Kind;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.OptionalLong;
import java.util.Properties;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.IntStream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What became of a transaction whose connection broke before the answer to its commit.
 *
 * <p>Each transaction that writes signs, as its last statement: it puts a number that nobody else
 * has into a row of its slot. When the answer to its commit is lost, the row is looked at on
 * another connection: it has the number when the transaction was committed, and only then. Two
 * invariants make that exact. A slot belongs to one transaction at a time, which keeps it until its
 * fate is known, so no later one has signed over it. And the look takes the row's lock, so it waits
 * for a transaction that the database is still about.
 *
 * <p>PostgreSQL's {@code pg_xact_status} cannot be asked instead: when it is killed before the log
 * of a transaction was forced, it gives the number of that transaction again after its recovery,
 * and then tells of the later one that it was committed.
 *
 * <p>Threads: any.
 */
final class Fate {

  private static final Logger log = LoggerFactory.getLogger(Fate.class);

  /** How often the database is asked, at most. */
  static final int QUESTIONS_MAX = 50;

  private static final long BETWEEN_MILLIS = 200;

  /** For a transaction that is not over, at each question. */
  private static final Duration LOCK_WAIT = Duration.ofMillis(200);

  /** For a connection, and for an answer, at each question. */
  private static final Duration ANSWER_WAIT = Duration.ofSeconds(2);

  /** Rows of servers that did not come back. */
  private static final Duration KEPT = Duration.ofDays(1);

  private static final String NOW = "cast(extract(epoch from clock_timestamp()) * 1000 as bigint)";

  private static final String SIGN =
      ("insert into signature (server, slot, number, at) select ?, ?, ?, " + NOW)
          + " where pg_current_xact_id_if_assigned() is not null"
          + " on conflict (server, slot) do update set number = excluded.number, at = excluded.at";

  /** Makes the row where there is none: one that is not committed yet can only be met so. */
  private static final String LOOK =
      ("insert into signature (server, slot, number, at) values (?, ?, 0, " + NOW + ")")
          + " on conflict (server, slot) do update set at = excluded.at returning number";

  private static final String FORGET =
      "delete from signature where (server, slot) in (select server, slot from signature"
          + (" where at < " + NOW + " - ? for update skip locked)");

  private final String url;
  private final Properties properties;
  private final String server = UUID.randomUUID().toString();
  private final AtomicLong signed = new AtomicLong();
  private final int questions;
  private final BlockingQueue<Integer> slots;
  private final AtomicInteger nextSlot;
  private final Set<Integer> spoiled = ConcurrentHashMap.newKeySet();

  /**
   * @param transactions that may be under way at a time
   * @param questions before nobody knows
   */
  Fate(String url, Properties properties, int transactions, int questions) {
    this.url = url;
    this.questions = questions;
    this.properties = new Properties();
    this.properties.putAll(properties);
    String seconds = Long.toString(ANSWER_WAIT.toSeconds());
    this.properties.setProperty("connectTimeout", seconds);
    this.properties.setProperty("socketTimeout", seconds);
    this.slots = new ArrayBlockingQueue<>(transactions);
    this.nextSlot = new AtomicInteger(transactions);
    IntStream.range(0, transactions).forEach(slots::add);
  }

  /** Waits until one more transaction may begin; returns its slot, to be given back at its end. */
  int takeSlot() throws StoreException {
    try {
      return slots.take();
    } catch (InterruptedException e) {
      throw new StoreException(Kind.UNAVAILABLE, "interrupted", e);
    }
  }

  /** A transaction that the database may still be about keeps its slot for good. */
  void giveBack(int slot) {
    slots.add(spoiled.remove(slot) ? nextSlot.getAndIncrement() : slot);
  }

  /** Removes the rows of servers that are long gone. */
  static void forgetOld(Connection connection) throws SQLException {
    try (PreparedStatement delete = connection.prepareStatement(FORGET)) {
      delete.setLong(1, KEPT.toMillis());
      delete.executeUpdate();
    }
  }

  /**
   * To be the last statement before the commit.
   *
   * @return what to ask for; empty when the transaction has written nothing
   */
  OptionalLong sign(Connection connection, int slot) throws SQLException {
    long number = signed.incrementAndGet();
    try (PreparedStatement insert = connection.prepareStatement(SIGN)) {
      insert.setString(1, server);
      insert.setInt(2, slot);
      insert.setLong(3, number);
      return insert.executeUpdate() == 0 ? OptionalLong.empty() : OptionalLong.of(number);
    }
  }

  /**
   * Returns when the transaction that signed with {@code number} was committed.
   *
   * @throws StoreException UNAVAILABLE when it was not, or nobody can tell: the text says which
   */
  void requireCommitted(int slot, long number, SQLException broken) throws StoreException {
    OptionalLong last = OptionalLong.empty();
    for (int i = 0; i < questions && last.isEmpty(); i++) {
      last = look(slot);
      if (last.isEmpty()) {
        pause();
      }
    }
    String fate = last.isEmpty() ? "unknown" : last.getAsLong() == number ? "committed" : "undone";
    if (last.isEmpty()) {
      spoiled.add(slot);
    }
    log.warn("store.commit-interrupted slot={} number={} fate={}", slot, number, fate);
    if (!fate.equals("committed")) {
      throw new StoreException(
          Kind.UNAVAILABLE,
          last.isPresent()
              ? "the database broke off before the change was made: " + broken.getMessage()
              : "the database broke off, and nobody knows whether the change was made: "
                  + broken.getMessage(),
          broken);
    }
  }

  /** Who signed last; empty when the database does not answer now, or is still about it. */
  private OptionalLong look(int slot) {
    try (Connection connection = DriverManager.getConnection(url, properties);
        Statement limit = connection.createStatement();
        PreparedStatement query = connection.prepareStatement(LOOK)) {
      limit.execute("set lock_timeout = " + LOCK_WAIT.toMillis());
      query.setString(1, server);
      query.setInt(2, slot);
      try (ResultSet rows = query.executeQuery()) {
        return rows.next() ? OptionalLong.of(rows.getLong(1)) : OptionalLong.empty();
      }
    } catch (SQLException e) {
      log.debug("store.fate-unknown slot={} cause=\"{}\"", slot, e.getMessage());
      return OptionalLong.empty();
    }
  }

  private static void pause() throws StoreException {
    try {
      var _ = new CountDownLatch(1).await(BETWEEN_MILLIS, TimeUnit.MILLISECONDS);
    } catch (InterruptedException e) {
      throw new StoreException(Kind.UNAVAILABLE, "interrupted", e);
    }
  }
}
