package dev.postrider.storage.sql;

import dev.postrider.storage.StoreException;
import dev.postrider.storage.StoreException.Kind;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.concurrent.ConcurrentLinkedDeque;
import java.util.concurrent.Semaphore;
import org.h2.engine.Constants;
import org.h2.engine.SessionLocal;
import org.h2.jdbc.JdbcConnection;
import org.h2.mvstore.MVStore;

/**
 * The H2 file of the projection, and connections to it. Callers: the store alone.
 *
 * <p>H2 stays at its defaults but for what the URL says; docs/decisions/0003-h2-pinned.md has the
 * reasons and why no other version will do. Nobody may interrupt a thread that is in here: H2 would
 * close its file.
 */
public final class Database implements AutoCloseable {

  /** The only version that kept what it acknowledged in the tests it was put through. */
  public static final String H2_VERSION = "2.4.240";

  /** Connections that read at the same time; more readers wait. */
  private static final int READERS_MAX = 16;

  private final String url;
  private final Connection keeper;
  private final MVStore mvStore;
  private final ConcurrentLinkedDeque<Session> idle = new ConcurrentLinkedDeque<>();
  private final Semaphore readers = new Semaphore(READERS_MAX);
  private volatile boolean closed;

  private Database(String url, Connection keeper, MVStore mvStore) {
    this.url = url;
    this.keeper = keeper;
    this.mvStore = mvStore;
  }

  /** Opens or makes the file {@code directory}/projection.mv.db, with its tables. */
  public static Database open(Path directory) throws StoreException {
    if (!Constants.VERSION.equals(H2_VERSION)) {
      throw new StoreException(
          Kind.UNUSABLE,
          "H2 " + H2_VERSION + " is needed, but " + Constants.VERSION + " is on the class path");
    }
    String url =
        "jdbc:h2:file:"
            + directory.toAbsolutePath().resolve("projection")
            + ";MODE=PostgreSQL;DATABASE_TO_LOWER=TRUE;OPTIMIZE_REUSE_RESULTS=FALSE"
            + ";DB_CLOSE_ON_EXIT=FALSE;DB_CLOSE_DELAY=-1";
    try {
      Connection keeper = DriverManager.getConnection(url, "postrider", "");
      try {
        MVStore mvStore =
            ((SessionLocal) ((JdbcConnection) keeper).getSession())
                .getDatabase()
                .getStore()
                .getMvStore();
        Schema.prepare(keeper);
        return new Database(url, keeper, mvStore);
      } catch (SQLException | StoreException e) {
        abandon(keeper);
        throw e;
      }
    } catch (SQLException e) {
      throw new StoreException(Kind.CORRUPT, "H2 does not open: " + e.getMessage(), e);
    }
  }

  /**
   * Lets go of the file. A connection that is merely closed would leave it open, and the next open
   * would find it again, even where its directory was moved away meanwhile.
   */
  private static void abandon(Connection keeper) throws SQLException {
    try (keeper;
        Statement statement = keeper.createStatement()) {
      statement.execute("shutdown immediately");
    }
  }

  /** A query, with a connection of its own while it runs. */
  @FunctionalInterface
  interface Query<T> {
    T run(Session session) throws SQLException, StoreException;
  }

  <T> T read(Query<T> query) throws StoreException {
    readers.acquireUninterruptibly();
    try {
      Session session = idle.pollFirst();
      if (session == null) {
        session = connect();
      }
      T result = run(query, session);
      idle.addFirst(session);
      return result;
    } catch (SQLException e) {
      throw failure(e);
    } finally {
      readers.release();
    }
  }

  private static <T> T run(Query<T> query, Session session) throws SQLException, StoreException {
    try {
      return query.run(session);
    } catch (SQLException | StoreException | RuntimeException e) {
      session.connection().close();
      throw e;
    }
  }

  Session connect() throws SQLException {
    return new Session(DriverManager.getConnection(url, "postrider", ""));
  }

  /** All tables as they are now, while others go on to write. Close it. */
  public FrozenTables freeze() throws StoreException {
    return new FrozenTables(this);
  }

  StoreException failure(SQLException e) {
    if (closed) {
      return new StoreException(Kind.CLOSED, "the store is closed", e);
    }
    return new StoreException(Kind.FATAL, "H2 failed: " + e.getMessage(), e);
  }

  /**
   * Returns when everything that was committed before is on the disk. H2 stores in the background,
   * so what is under way has to be waited for before the file is forced.
   */
  public void force() throws StoreException {
    try {
      mvStore.commit();
      mvStore.executeFilestoreOperation(() -> {});
      mvStore.sync();
    } catch (RuntimeException e) {
      throw new StoreException(Kind.FATAL, "H2 cannot be forced to disk: " + e.getMessage(), e);
    }
  }

  /** Lets go of a file that is of no use. */
  public void abandon() throws StoreException {
    closed = true;
    try {
      abandon(keeper);
    } catch (SQLException e) {
      throw new StoreException(Kind.FATAL, "H2 cannot be closed: " + e.getMessage(), e);
    }
  }

  @Override
  public void close() throws StoreException {
    closed = true;
    try (Statement statement = keeper.createStatement()) {
      statement.execute("shutdown");
    } catch (SQLException e) {
      throw new StoreException(Kind.FATAL, "H2 cannot be closed: " + e.getMessage(), e);
    }
  }
}
