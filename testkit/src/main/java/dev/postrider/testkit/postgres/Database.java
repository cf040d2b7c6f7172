package dev.postrider.testkit.postgres;

import java.io.IOException;

/**
 * An empty database of its own, in a {@link PostgresServer}. Its user may do everything with it.
 *
 * @param port of TCP
 */
public record Database(
    PostgresServer server, String host, int port, String name, String user, String password) {

  private static final int WAIT_SECONDS = 20;

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

  /**
   * Returns when nobody is connected to this database any more. What a process has sent before it
   * was killed is still carried out, and may be committed a while later.
   */
  public void awaitNoConnections() throws IOException {
    String others = "select count(*) from pg_stat_activity where datname = '" + name + "'";
    server.sql(
        "postgres",
        "do $$ begin for i in 1.."
            + (10 * WAIT_SECONDS)
            + " loop perform pg_stat_clear_snapshot(); exit when ("
            + others
            + ") = 0; perform pg_sleep(0.1); end loop; end $$");
    String left = server.sql("postgres", others).strip();
    if (!left.equals("0")) {
      throw new IOException(left + " connections to " + name + " after " + WAIT_SECONDS + " s");
    }
  }

  /** Without the password. */
  @Override
  public String toString() {
    return user + "@" + host + ":" + port + "/" + name;
  }
}
