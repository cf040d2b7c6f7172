package dev.postrider.testkit.postgres;

import java.io.IOException;

/**
 * An empty database of its own, in a {@link PostgresServer}. Its user may do everything with it.
 *
 * @param port of TCP
 */
public record Database(
    PostgresServer server, String host, int port, String name, String user, String password) {

  /** Without user and password. */
  public String jdbcUrl() {
    return "jdbc:postgresql://" + host + ":" + port + "/" + name;
  }

  /** As libpq and {@code psql} take it, with user and password. */
  public String url() {
    return "postgresql://" + user + ":" + password + "@" + host + ":" + port + "/" + name;
  }

  /**
   * Does this over a connection of its own.
   *
   * @param sql statements, with semicolons between them
   * @return the values, {@code |} between columns, a line for each row
   */
  public String sql(String sql) throws IOException {
    return server.sql(name, sql);
  }

  /** Cuts all connections to this database, as a restart of the server or a firewall does. */
  public void cutConnections() throws IOException {
    server.sql(
        "postgres",
        "select count(pg_terminate_backend(pid)) from pg_stat_activity where datname = '"
            + name
            + "'");
  }

  /** Without the password. */
  @Override
  public String toString() {
    return user + "@" + host + ":" + port + "/" + name;
  }
}
