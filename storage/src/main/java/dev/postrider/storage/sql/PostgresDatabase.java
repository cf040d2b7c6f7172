package dev.postrider.storage.sql;

import com.zaxxer.hikari.HikariConfig;
import com.zaxxer.hikari.HikariDataSource;
import dev.postrider.storage.StoreException;
import dev.postrider.storage.StoreException.Kind;
import dev.postrider.storage.accounts.Quota;
import dev.postrider.storage.changes.Change;
import dev.postrider.storage.changes.Commits;
import dev.postrider.storage.changes.Numbers;
import dev.postrider.storage.messages.BodyId;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalLong;
import java.util.Properties;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The tables in PostgreSQL. Callers: the store alone, on any thread.
 *
 * <p>A transaction belongs to the thread that began it: whatever the thread reads and writes until
 * its end goes through its connection, so the model's operations need not know of it. Not all
 * connections may be in transactions: some are left for those who only read, as a transaction may
 * wait for what another thread reads.
 *
 * <p>A transaction that lost to another (a deadlock, a serialization failure) is begun again, a few
 * times.
 */
public final class PostgresDatabase extends Database {

  private static final Logger log = LoggerFactory.getLogger(PostgresDatabase.class);

  /** Of five connections, that many may be in transactions. */
  private static final int WRITERS_OF_FIVE = 3;

  /** How often a transaction is begun, at most. */
  private static final int ATTEMPTS_MAX = 5;

  /** How long somebody waits for a connection. */
  private static final Duration CONNECTION_WAIT = Duration.ofSeconds(10);

  /** After this time without an answer the database counts as gone, in seconds. */
  private static final int ANSWER_SECONDS_MAX = 120;

  /** Connections of servers; a moment passes before it answers. */
  private static final String OTHERS =
      "select count(*) from pg_stat_activity, (select pg_sleep(0.1)) as moment"
          + " where datname = current_database() and application_name = 'postrider'"
          + " and pid <> pg_backend_pid()";

  /** How often somebody else may be there. */
  private static final int LOOKS_MAX = 30;

  /** SQLSTATE of PostgreSQL: lost to another transaction. */
  private static final Set<String> LOST = Set.of("40001", "40P01", "55P03");

  private static final String IN_READ_ONLY_TRANSACTION = "25006";
  private static final String DISK_FULL = "53100";

  private final PostgresAddress address;
  private final HikariDataSource pool;
  private final Fate fate;

  /** Two stores may be open in one process, and a thread in a transaction of each. */
  @SuppressWarnings("ThreadLocalUsage")
  private final ThreadLocal<@Nullable Transaction> current = new ThreadLocal<>();

  private final NumberBlocks numbers;
  private volatile Quota quota = Quota.UNLIMITED;
  private volatile boolean closed;

  private PostgresDatabase(PostgresAddress address, HikariDataSource pool, int connections) {
    this.address = address;
    this.pool = pool;
    int writers = Math.max(1, connections * WRITERS_OF_FIVE / 5);
    this.fate = new Fate(address.url(), properties(address), writers, Fate.QUESTIONS_MAX);
    this.numbers = new NumberBlocks(pool::getConnection);
  }

  /**
   * Connects, and makes the tables where there are none.
   *
   * @param connections at most, at least 4
   * @throws StoreException UNAVAILABLE when nobody answers; UNUSABLE when we are not let in, or the
   *     tables are of a newer version
   */
  public static PostgresDatabase open(PostgresAddress address, int connections)
      throws StoreException {
    try (Connection first = DriverManager.getConnection(address.url(), properties(address))) {
      Schema.prepareShared(first);
      warnIfUnsafe(first);
      first.setAutoCommit(true);
      Fate.forgetOld(first);
    } catch (SQLException e) {
      throw translate(address, e);
    }
    return new PostgresDatabase(address, pool(address, connections), connections);
  }

  private static Properties properties(PostgresAddress address) {
    Properties properties = new Properties();
    properties.setProperty("user", address.user());
    address.password().ifPresent(password -> properties.setProperty("password", password));
    properties.setProperty("ApplicationName", "postrider");
    properties.setProperty("tcpKeepAlive", "true");
    properties.setProperty("connectTimeout", Long.toString(CONNECTION_WAIT.toSeconds()));
    return properties;
  }

  private static HikariDataSource pool(PostgresAddress address, int connections) {
    HikariConfig config = new HikariConfig();
    config.setPoolName("postrider");
    config.setJdbcUrl(address.url());
    Properties properties = properties(address);
    properties.setProperty("socketTimeout", Integer.toString(ANSWER_SECONDS_MAX));
    config.setDataSourceProperties(properties);
    config.setMaximumPoolSize(connections);
    config.setMinimumIdle(Math.min(2, connections));
    config.setConnectionTimeout(CONNECTION_WAIT.toMillis());
    config.setInitializationFailTimeout(-1);
    // After a restart of the database nobody is handed a connection from before it. The pool reads
    // this when it is made; else it trusts one that was used half a second ago.
    System.setProperty("com.zaxxer.hikari.aliveBypassWindowMs", "0");
    // A 250 means on disc, whatever the cluster does for others.
    config.setConnectionInitSql(
        "select set_config('synchronous_commit', 'on', false)"
            + " where current_setting('synchronous_commit') = 'off'");
    return new HikariDataSource(config);
  }

  /** A database that does not force its log promises what it cannot keep. */
  private static void warnIfUnsafe(Connection connection) throws SQLException {
    for (String setting : new String[] {"fsync", "full_page_writes"}) {
      try (Statement statement = connection.createStatement();
          ResultSet rows = statement.executeQuery("show " + setting)) {
        if (rows.next() && "off".equals(rows.getString(1))) {
          log.warn("store.database-unsafe setting={} value=off", setting);
        }
      }
    }
  }

  /** The transaction of one thread. */
  final class Transaction {
    private final Session session;
    private final SharedNumbers numbers;
    private final ChangeRows rows;
    private final List<Change> written = new ArrayList<>();

    private Transaction(Session session) {
      this.session = session;
      this.numbers = new SharedNumbers(PostgresDatabase.this, session, quota);
      this.rows = new ChangeRows(session, Dialect.POSTGRESQL, false);
    }

    Session session() {
      return session;
    }
  }

  /** Whether this thread is in a transaction. */
  public boolean inTransaction() {
    return current.get() != null;
  }

  /**
   * Runs {@code work} in a transaction of this thread and commits it; inside another one as a part
   * of that. When it throws, nothing of it happened, but for UNAVAILABLE with a text that says so.
   */
  public <T> T transaction(Commits.Work<T> work) throws StoreException {
    if (inTransaction()) {
      return work.run();
    }
    int slot = fate.takeSlot();
    try {
      int attempt = 1;
      while (true) {
        try {
          return attempt(work, slot);
        } catch (LostException e) {
          if (attempt == ATTEMPTS_MAX) {
            throw new StoreException(
                Kind.UNAVAILABLE, "lost to other transactions: " + e.getMessage(), e);
          }
          attempt++;
        }
      }
    } finally {
      fate.giveBack(slot);
    }
  }

  /** A transaction that may be begun again. */
  private static final class LostException extends Exception {
    private static final long serialVersionUID = 1L;

    LostException(Throwable cause) {
      super(cause.getMessage(), cause);
    }
  }

  private <T> T attempt(Commits.Work<T> work, int slot) throws StoreException, LostException {
    try (Connection connection = pool.getConnection()) {
      connection.setAutoCommit(false);
      current.set(new Transaction(new Session(connection)));
      try {
        T result = work.run();
        commit(connection, slot);
        return result;
      } catch (StoreException | RuntimeException e) {
        rollback(connection, e);
        throw e;
      } finally {
        current.remove();
      }
    } catch (StoreException e) {
      if (e.getCause() instanceof SQLException cause && LOST.contains(state(cause))) {
        throw new LostException(cause);
      }
      throw e;
    } catch (SQLException e) {
      if (LOST.contains(state(e))) {
        throw new LostException(e);
      }
      throw failure(e);
    }
  }

  private static void rollback(Connection connection, Exception cause) {
    try {
      connection.rollback();
    } catch (SQLException e) {
      cause.addSuppressed(e);
    }
  }

  /**
   * When the connection breaks while the commit is under way, the database is asked what it did.
   */
  private void commit(Connection connection, int slot) throws SQLException, StoreException {
    OptionalLong signature = fate.sign(connection, slot);
    try {
      connection.commit();
    } catch (SQLException e) {
      if (signature.isEmpty() || !isConnectionTrouble(e)) {
        throw e;
      }
      fate.requireCommitted(slot, signature.getAsLong(), e);
    }
  }

  /** What holds for accounts without limits of their own. */
  public void limit(Quota defaults) {
    quota = defaults;
  }

  /** Numbers for the transaction of this thread. */
  public Numbers numbers() {
    return required().numbers;
  }

  /** Writes {@code changes} in the transaction of this thread. */
  public void write(List<Change> changes) throws StoreException {
    Transaction transaction = required();
    try {
      transaction.rows.write(changes);
      transaction.written.addAll(changes);
    } catch (SQLException e) {
      throw failure(e);
    }
  }

  /** Everything that was written in the transaction of this thread, in order. */
  public List<Change> written() {
    return List.copyOf(required().written);
  }

  /**
   * Returns when no other transaction holds {@code what}, and holds it until the end of this one.
   */
  public void hold(Hold what) throws StoreException {
    read(
        session -> {
          PreparedStatement query =
              session.prepare("select given from highest where name = ? for no key update");
          query.setString(1, what.row);
          try (ResultSet rows = query.executeQuery()) {
            return rows.next();
          }
        });
  }

  /** What one transaction among all servers can hold at a time. */
  public enum Hold {
    /** Accounts, mailboxes, subscriptions. */
    STRUCTURE("structure"),
    /** What nobody needs any more. */
    UPKEEP("upkeep");

    private final String row;

    Hold(String row) {
      this.row = row;
    }
  }

  /** The transaction of this thread. */
  Transaction required() {
    Transaction transaction = current.get();
    if (transaction == null) {
      throw new IllegalStateException("not in a transaction");
    }
    return transaction;
  }

  long nextNumber(String name) throws StoreException {
    try {
      return numbers.next(name);
    } catch (SQLException e) {
      throw failure(e);
    }
  }

  /** A number that no body ever had. */
  public BodyId nextBody() throws StoreException {
    return new BodyId(nextNumber("body"));
  }

  @Override
  Dialect dialect() {
    return Dialect.POSTGRESQL;
  }

  @Override
  <T> T read(Query<T> query) throws StoreException {
    Transaction transaction = current.get();
    try {
      if (transaction != null) {
        return query.run(transaction.session);
      }
      try (Connection connection = pool.getConnection()) {
        connection.setAutoCommit(true);
        return query.run(new Session(connection));
      }
    } catch (SQLException e) {
      throw failure(e);
    }
  }

  /** In a transaction its locks are what keeps still the rows that it reads. */
  @Override
  <T> T readAtOneMoment(Query<T> query) throws StoreException {
    if (inTransaction()) {
      return read(query);
    }
    try (Connection connection = pool.getConnection()) {
      connection.setTransactionIsolation(Connection.TRANSACTION_REPEATABLE_READ);
      connection.setAutoCommit(false);
      try {
        return query.run(new Session(connection));
      } finally {
        connection.rollback();
      }
    } catch (SQLException e) {
      throw failure(e);
    }
  }

  /** Not of the pool: it may be used for hours, and its queries may take minutes. */
  @Override
  Session connect() throws SQLException {
    return new Session(DriverManager.getConnection(address.url(), properties(address)));
  }

  @Override
  void disconnect(Session session) throws SQLException {
    session.connection().close();
  }

  @Override
  void beginSnapshot(Session session) throws SQLException {
    session.connection().setTransactionIsolation(Connection.TRANSACTION_REPEATABLE_READ);
    session.connection().setAutoCommit(false);
  }

  /** In a transaction of this thread, as that sees them. */
  @Override
  public FrozenTables freeze() throws StoreException {
    return inTransaction() ? new FrozenTables(this, required().session) : super.freeze();
  }

  /**
   * Writes the rows of another store, in the transaction of this thread: numbers that were given
   * count as given here too.
   */
  public void fill(List<Change> changes) throws StoreException {
    try {
      new ChangeRows(required().session, Dialect.POSTGRESQL, true).write(changes);
    } catch (SQLException e) {
      throw failure(e);
    }
  }

  /**
   * Throws UNUSABLE when a server is connected to the database. One that was stopped a moment ago
   * is waited for.
   */
  public static void requireUnused(PostgresAddress address) throws StoreException {
    try (Connection connection = DriverManager.getConnection(address.url(), properties(address));
        PreparedStatement others = connection.prepareStatement(OTHERS)) {
      for (int looks = 1; ; looks++) {
        try (ResultSet rows = others.executeQuery()) {
          rows.next();
          if (rows.getInt(1) == 0) {
            return;
          }
          if (looks == LOOKS_MAX) {
            throw new StoreException(
                Kind.UNUSABLE,
                address + " is in use: " + rows.getInt(1) + " connections; stop its servers first");
          }
        }
      }
    } catch (SQLException e) {
      throw translate(address, e);
    }
  }

  /** Throws UNAVAILABLE when nothing can be written now, UNUSABLE. */
  public void requireWritable() throws StoreException {
    read(
        session -> {
          PreparedStatement query = session.prepare("show transaction_read_only");
          try (ResultSet rows = query.executeQuery()) {
            rows.next();
            if ("on".equals(rows.getString(1))) {
              throw new StoreException(Kind.UNAVAILABLE, address + " takes no changes");
            }
            return true;
          }
        });
  }

  @Override
  StoreException failure(SQLException e) {
    return closed
        ? new StoreException(Kind.CLOSED, "the store is closed", e)
        : translate(address, e);
  }

  private static String state(SQLException e) {
    String state = e.getSQLState();
    return state == null ? "" : state;
  }

  private static boolean isConnectionTrouble(SQLException e) {
    String state = state(e);
    return state.startsWith("08") || state.startsWith("57P");
  }

  /** What a failure means; PostgreSQL, appendix A. */
  private static StoreException translate(PostgresAddress address, SQLException e) {
    String state = state(e);
    String text = address + ": " + e.getMessage();
    if (state.equals(DISK_FULL)) {
      return new StoreException(Kind.NO_SPACE, text, e);
    }
    boolean letIn = !state.startsWith("28") && !state.equals("3D000") && !state.equals("42501");
    boolean damaged = state.startsWith("XX");
    boolean later =
        isConnectionTrouble(e)
            || state.startsWith("53")
            || state.equals(IN_READ_ONLY_TRANSACTION)
            || LOST.contains(state)
            || state.isEmpty();
    if (letIn && later) {
      return new StoreException(Kind.UNAVAILABLE, text, e);
    }
    return new StoreException(damaged ? Kind.CORRUPT : Kind.UNUSABLE, text, e);
  }

  @Override
  public void close() {
    closed = true;
    pool.close();
  }
}
