package dev.postrider.storage.sql;

import dev.postrider.storage.StoreException;
import dev.postrider.storage.StoreException.Kind;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedDeque;
import java.util.concurrent.Semaphore;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.BooleanSupplier;
import org.h2.engine.Constants;
import org.h2.engine.SessionLocal;
import org.h2.jdbc.JdbcConnection;
import org.h2.mvstore.FileStore;
import org.h2.mvstore.MVStore;
import org.h2.mvstore.RandomAccessStore;

/**
 * The H2 file of the projection, and connections to it. Callers: the store alone.
 *
 * <p>H2 stays at its defaults but for what the URL says; docs/decisions/0003-h2-pinned.md has the
 * reasons and why no other version will do. Nobody may interrupt a thread that is in here: H2 would
 * close its file.
 */
public final class H2Database extends Database {

  /** The only version that kept what it acknowledged in the tests it was put through. */
  public static final String H2_VERSION = "2.4.240";

  /** Connections that read at the same time; more readers wait. */
  private static final int READERS_MAX = 16;

  /**
   * For so long H2 does not write over what it needs no more. What the state on the disk needs is
   * kept by {@link #forced} for as long as that takes; so this is beyond what is needed.
   */
  private static final int RETENTION_MILLIS = 1000;

  /**
   * H2 does not store by itself: it would do so in the midst of a transaction, tree after tree,
   * some before and some after it.
   */
  private static final int WRITE_DELAY_MILLIS = (int) Duration.ofDays(20).toMillis();

  /** Chunks move next to each other when less of the file is in use. */
  private static final int USED_PERCENT_MIN = 40;

  /** Pages move out of chunks when less of all chunks is live. */
  private static final int LIVE_PERCENT_MIN = 65;

  /** What is moved with one checkpoint: this part of the file, within limits. */
  private static final int TIDIED_PART = 16;

  private static final int TIDIED_OCTETS_MIN = 128 * 1024;
  private static final int TIDIED_OCTETS_MAX = 8 * 1024 * 1024;

  /** What is moved at a time, while no transaction is written. */
  private static final int TIDIED_TOGETHER = 2 * 1024 * 1024;

  /**
   * With less room on the disk chunks stay where they are: who moves them holds up transactions,
   * and may not wait for room.
   */
  private static final long ROOM_TO_MOVE_OCTETS = 64L * 1024 * 1024;

  private static final String REAL_DISK = "file:";

  private final String url;
  private final BooleanSupplier roomToMove;
  private final OrderedFilePath files;
  private final DiskRoom room;
  private final Connection keeper;
  private final MVStore mvStore;

  /** Of the state on the disk: what it needs is not written over. */
  private MVStore.TxCounter forced;

  private final ConcurrentLinkedDeque<Session> idle = new ConcurrentLinkedDeque<>();
  private final Set<Session> connected = ConcurrentHashMap.newKeySet();
  private final Semaphore readers = new Semaphore(READERS_MAX);
  private final ReentrantLock transaction = new ReentrantLock();
  private volatile boolean closed;

  private H2Database(
      String url,
      BooleanSupplier roomToMove,
      OrderedFilePath files,
      DiskRoom room,
      Connection keeper) {
    this.url = url;
    this.roomToMove = roomToMove;
    this.files = files;
    this.room = room;
    this.keeper = keeper;
    this.mvStore =
        ((SessionLocal) ((JdbcConnection) keeper).getSession())
            .getDatabase()
            .getStore()
            .getMvStore();
    this.forced = mvStore.registerVersionUsage();
  }

  /** The same, on the real disk. */
  public static H2Database open(Path directory) throws StoreException {
    return open(directory, REAL_DISK);
  }

  /**
   * Opens or makes the file {@code directory}/projection.mv.db, with its tables.
   *
   * @param disk the file system of H2 that it is on, such as "file:"
   * @throws StoreException CORRUPT when it is not what H2 wrote: it can be made again from the log;
   *     NO_SPACE; UNUSABLE when it may not be read and written
   */
  public static H2Database open(Path directory, String disk) throws StoreException {
    if (!Constants.VERSION.equals(H2_VERSION)) {
      throw new StoreException(
          Kind.UNUSABLE,
          "H2 " + H2_VERSION + " is needed, but " + Constants.VERSION + " is on the class path");
    }
    requireAccess(directory.resolve("projection.mv.db"));
    DiskRoom room = new DiskRoom();
    OrderedFilePath files = OrderedFilePath.register(room);
    String url =
        "jdbc:h2:"
            + files.getScheme()
            + ":"
            + disk
            + directory.toAbsolutePath().resolve("projection")
            + ";MODE=PostgreSQL;DATABASE_TO_LOWER=TRUE;OPTIMIZE_REUSE_RESULTS=FALSE"
            + ";COMPRESS=TRUE;DB_CLOSE_ON_EXIT=FALSE;DB_CLOSE_DELAY=-1;TRACE_LEVEL_FILE=0"
            + (";RETENTION_TIME=" + RETENTION_MILLIS)
            + (";WRITE_DELAY=" + WRITE_DELAY_MILLIS);
    try {
      Connection keeper = DriverManager.getConnection(url, "postrider", "");
      try {
        Schema.prepare(keeper);
        BooleanSupplier roomToMove =
            () ->
                disk.equals(REAL_DISK)
                    && directory.toFile().getUsableSpace() >= ROOM_TO_MOVE_OCTETS;
        return new H2Database(url, roomToMove, files, room, keeper);
      } catch (SQLException | StoreException e) {
        abandon(keeper);
        throw e;
      }
    } catch (SQLException e) {
      files.unregister();
      throw room.wasMissed()
          ? noRoom(e)
          : new StoreException(Kind.CORRUPT, "H2 does not open: " + e.getMessage(), e);
    } catch (StoreException e) {
      files.unregister();
      throw e;
    }
  }

  /** H2 would open a file that it may not write, and fail later. */
  private static void requireAccess(Path file) throws StoreException {
    if (Files.exists(file) && !(Files.isReadable(file) && Files.isWritable(file))) {
      throw new StoreException(
          Kind.UNUSABLE, "no permission to read and write " + file + ": check owner and mode");
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

  /** Lets go of the file as it is. */
  public void abandon() throws StoreException {
    closed = true;
    room.stopWaiting();
    try {
      abandon(keeper);
      disconnect();
    } catch (SQLException e) {
      throw failure(e);
    } finally {
      files.unregister();
    }
  }

  private static StoreException noRoom(SQLException e) {
    return new StoreException(Kind.NO_SPACE, "no room for the projection: " + e.getMessage(), e);
  }

  /** From now on H2 waits when the disk is full, instead of failing. */
  public void beginWaitingForRoom() {
    room.beginWaiting();
  }

  /** The opposite. What H2 could not write is in the log. */
  public void stopWaitingForRoom() {
    room.stopWaiting();
  }

  /** Whether H2 waits for room on the disk: it should not be given more meanwhile. */
  public boolean isWaitingForRoom() {
    return room.isAwaited();
  }

  @Override
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

  private <T> T run(Query<T> query, Session session) throws SQLException, StoreException {
    try {
      return query.run(session);
    } catch (SQLException | StoreException | RuntimeException e) {
      connected.remove(session);
      session.connection().close();
      throw e;
    }
  }

  @Override
  Session connect() throws SQLException {
    Session session = new Session(DriverManager.getConnection(url, "postrider", ""));
    connected.add(session);
    return session;
  }

  /**
   * Held by who writes a transaction, by who stores the trees, and by who begins to read at one
   * moment. H2 2.4.240 takes its trees one after the other when it stores them, and lets a reader
   * that begins in the middle of a transaction move entries of its undo log; so a crash could leave
   * a part of a transaction that nobody rolls back: docs/decisions/0003-h2-pinned.md.
   */
  ReentrantLock transaction() {
    return transaction;
  }

  /**
   * Runs {@code change}, a transaction of one statement, beside no other. The connection comes
   * first, then the lock, as with readers: they may have all connections while they wait for it.
   */
  void write(Query<Integer> change) throws StoreException {
    var _ =
        read(
            session -> {
              transaction.lock();
              try {
                return change.run(session);
              } finally {
                transaction.unlock();
              }
            });
  }

  @Override
  void beginSnapshot(Session session) throws SQLException {
    transaction.lock();
    try {
      session.connection().setTransactionIsolation(Constants.TRANSACTION_SNAPSHOT);
      session.connection().setAutoCommit(false);
      // The first statement takes the snapshot, of all tables.
      try (ResultSet rows = session.prepare("select version from store").executeQuery()) {
        rows.next();
      }
    } finally {
      transaction.unlock();
    }
  }

  @Override
  <T> T readAtOneMoment(Query<T> query) throws StoreException {
    return read(
        session -> {
          Connection connection = session.connection();
          try {
            beginSnapshot(session);
            return query.run(session);
          } finally {
            connection.rollback();
            connection.setAutoCommit(true);
            connection.setTransactionIsolation(Connection.TRANSACTION_READ_COMMITTED);
          }
        });
  }

  @Override
  Dialect dialect() {
    return Dialect.H2;
  }

  /** H2 complains of connections that are merely forgotten. */
  private void disconnect() throws SQLException {
    for (Session session : connected) {
      session.connection().close();
    }
  }

  @Override
  void disconnect(Session session) throws SQLException {
    connected.remove(session);
    session.connection().close();
  }

  @Override
  StoreException failure(SQLException e) {
    if (closed) {
      return new StoreException(Kind.CLOSED, "the store is closed", e);
    }
    if (room.wasMissed()) {
      return noRoom(e);
    }
    return new StoreException(Kind.FATAL, "H2 failed: " + e.getMessage(), e);
  }

  /** A version of the trees that no transaction of {@link #transaction} was in the midst of. */
  long version() {
    transaction.lock();
    try {
      return mvStore.getCurrentVersion();
    } finally {
      transaction.unlock();
    }
  }

  /** See {@link Leftovers#find}. */
  Optional<String> leftovers(long since) throws StoreException {
    try {
      return Leftovers.find(mvStore, since);
    } catch (RuntimeException e) {
      throw new StoreException(Kind.FATAL, "H2 cannot be read: " + e.getMessage(), e);
    }
  }

  /**
   * Returns when everything that was committed before is on the disk. Pages are written by threads
   * of H2 while transactions go on, so they have to be waited for before the file is forced.
   *
   * <p>H2 writes over space that no state uses any more, whether or not a newer state is on the
   * disk. So the version that is on the disk stays in use until the next one is there. Thread: one
   * at a time.
   *
   * @return whether something was moved so that the file can become smaller, which comes true with
   *     the next time
   */
  public boolean force() throws StoreException {
    try {
      MVStore.TxCounter next = store();
      mvStore.executeFilestoreOperation(() -> {});
      mvStore.sync();
      mvStore.deregisterVersionUsage(forced);
      forced = next;
      return tidy();
    } catch (RuntimeException e) {
      throw new StoreException(
          room.wasMissed() ? Kind.NO_SPACE : Kind.FATAL,
          "H2 cannot be forced to disk: " + e.getMessage(),
          e);
    }
  }

  /** Takes the trees between two transactions; what has to be written is written later. */
  private MVStore.TxCounter store() {
    transaction.lock();
    try {
      MVStore.TxCounter stored = mvStore.registerVersionUsage();
      // Not commit(): that waits until the disk has it, and has room for it.
      while (mvStore.tryCommit() < 0 && mvStore.hasUnsavedChanges()) {
        Thread.onSpinWait();
      }
      return stored;
    } finally {
      transaction.unlock();
    }
  }

  /**
   * Lets pages move out of chunks that have little left, and chunks next to each other, so that
   * their space is used again. H2 would do so by itself, but not between transactions; and 2.4.240
   * stops for good when a pass at a quiet moment brought nothing, until there is a busy one; and it
   * moves up to 19 MB at once, which a small file grows by.
   */
  private boolean tidy() {
    FileStore<?> file = mvStore.getFileStore();
    long some = Math.clamp(file.size() / TIDIED_PART, TIDIED_OCTETS_MIN, TIDIED_OCTETS_MAX);
    boolean moved = false;
    boolean moving = true;
    for (long left = some; left > 0 && moving; left -= TIDIED_TOGETHER) {
      int octets = (int) Math.min(left, TIDIED_TOGETHER);
      moving = betweenTransactions(() -> mvStore.compact(LIVE_PERCENT_MIN, octets));
      moved |= moving;
    }
    if (file.getFillRate() < USED_PERCENT_MIN
        && file instanceof RandomAccessStore chunks
        && roomToMove.getAsBoolean()) {
      moved |=
          betweenTransactions(
              () -> {
                chunks.compactMoveChunks(USED_PERCENT_MIN, TIDIED_TOGETHER, mvStore);
                return true;
              });
    }
    return moved;
  }

  private boolean betweenTransactions(BooleanSupplier work) {
    transaction.lock();
    try {
      return work.getAsBoolean();
    } finally {
      transaction.unlock();
    }
  }

  @Override
  public void close() throws StoreException {
    closed = true;
    room.stopWaiting();
    try (Statement statement = keeper.createStatement()) {
      mvStore.deregisterVersionUsage(forced);
      statement.execute("shutdown");
      disconnect();
    } catch (SQLException | RuntimeException e) {
      throw new StoreException(
          room.wasMissed() ? Kind.NO_SPACE : Kind.FATAL,
          "H2 cannot be closed: " + e.getMessage(),
          e);
    } finally {
      files.unregister();
    }
  }
}
