package dev.postrider.storage.sql;

import dev.postrider.storage.StoreException;
import java.sql.SQLException;

/** The tables, and connections to them. Callers: the store alone. */
public abstract sealed class Database implements AutoCloseable
    permits H2Database, PostgresDatabase {

  /** A query, with a connection of its own while it runs. */
  @FunctionalInterface
  interface Query<T> {
    T run(Session session) throws SQLException, StoreException;
  }

  abstract Dialect dialect();

  abstract <T> T read(Query<T> query) throws StoreException;

  /** The same; every statement of {@code query} sees the tables as they were at one moment. */
  abstract <T> T readAtOneMoment(Query<T> query) throws StoreException;

  /** A connection for longer. */
  abstract Session connect() throws SQLException;

  abstract void disconnect(Session session) throws SQLException;

  /** From now on {@code session} sees all tables as they are now. */
  abstract void beginSnapshot(Session session) throws SQLException;

  /** All tables as they are now, while others go on to write. Close it. */
  public FrozenTables freeze() throws StoreException {
    return new FrozenTables(this);
  }

  abstract StoreException failure(SQLException e);

  @Override
  public abstract void close() throws StoreException;
}
