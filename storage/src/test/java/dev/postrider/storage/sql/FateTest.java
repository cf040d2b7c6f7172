package dev.postrider.storage.sql;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.postrider.storage.StoreException;
import dev.postrider.testkit.postgres.Database;
import dev.postrider.testkit.postgres.PostgresServer;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.OptionalLong;
import java.util.Properties;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class FateTest {

  private static final int SLOT = 3;
  private static final int QUESTIONS = 10;
  private final SQLException broken = new SQLException("connection reset", "08006");
  private static final String UNDONE =
      "the database broke off before the change was made: connection reset";

  private static PostgresServer server;

  private Database database;
  private Fate fate;

  @BeforeAll
  static void startServer() throws Exception {
    server = PostgresServer.start();
  }

  @AfterAll
  static void closeServer() throws Exception {
    server.close();
  }

  @BeforeEach
  void makeTables() throws Exception {
    database = server.newDatabase();
    try (Connection connection = connect()) {
      Schema.prepareShared(connection);
    }
    database.sql("create table thing (id bigint)");
    fate = new Fate(database.jdbcUrl(), login(), 1, QUESTIONS);
  }

  private Properties login() {
    Properties properties = new Properties();
    properties.setProperty("user", database.user());
    properties.setProperty("password", database.password());
    return properties;
  }

  private Connection connect() throws SQLException {
    return DriverManager.getConnection(database.jdbcUrl(), login());
  }

  /** A connection in a transaction that has written a row. */
  private Connection writing(int id) throws SQLException {
    Connection connection = connect();
    connection.setAutoCommit(false);
    try (Statement insert = connection.createStatement()) {
      insert.execute("insert into thing values (" + id + ")");
    }
    return connection;
  }

  @Test
  void committedIsCommitted() throws Exception {
    try (Connection connection = writing(1)) {
      OptionalLong number = fate.sign(connection, SLOT);
      connection.commit();

      fate.requireCommitted(SLOT, number.orElseThrow(), broken);
    }
  }

  @Test
  void whoWroteNothingNeedNotAsk() throws Exception {
    try (Connection connection = connect()) {
      connection.setAutoCommit(false);

      assertThat(fate.sign(connection, SLOT)).isEmpty();
    }
  }

  @Test
  void rolledBackIsUndone() throws Exception {
    try (Connection first = writing(1)) {
      assertThat(fate.sign(first, SLOT)).isPresent();
      first.commit();
    }
    try (Connection second = writing(2)) {
      OptionalLong number = fate.sign(second, SLOT);
      second.rollback();

      assertThatThrownBy(() -> fate.requireCommitted(SLOT, number.orElseThrow(), broken))
          .isInstanceOf(StoreException.class)
          .hasMessage(UNDONE);
    }
  }

  /** The very first of a slot, which nobody else can see yet, as much as a later one. */
  @Test
  void transactionThatIsNotOverIsWaitedFor() throws Exception {
    for (int id = 1; id <= 2; id++) {
      try (Connection connection = writing(id)) {
        long number = fate.sign(connection, SLOT).orElseThrow();
        CompletableFuture<String> told = CompletableFuture.supplyAsync(() -> ask(number));
        database.sql(
            "do $$ begin for i in 1..100 loop perform pg_stat_clear_snapshot(); exit when exists"
                + " (select 1 from pg_stat_activity where wait_event_type = 'Lock');"
                + " perform pg_sleep(0.05); end loop; end $$");
        assertThat(told).isNotDone();

        connection.commit();
        assertThat(told.get(20, TimeUnit.SECONDS)).isEqualTo("committed");
      }
    }
  }

  /** Nobody waits for it, or signs over it. */
  @Test
  void slotOfATransactionThatHangsIsNotUsedAgain() throws Exception {
    int slot = fate.takeSlot();
    try (Connection hanging = writing(1)) {
      long number = fate.sign(hanging, slot).orElseThrow();
      assertThatThrownBy(() -> fate.requireCommitted(slot, number, broken))
          .hasMessage(
              "the database broke off, and nobody knows whether the change was made:"
                  + " connection reset");
      fate.giveBack(slot);

      int next = fate.takeSlot();
      assertThat(next).isNotEqualTo(slot);
      fate.giveBack(next);
      assertThat(fate.takeSlot()).isEqualTo(next);
    }
  }

  private String ask(long number) {
    try {
      fate.requireCommitted(SLOT, number, broken);
      return "committed";
    } catch (StoreException e) {
      return String.valueOf(e.getMessage());
    }
  }

  /** PostgreSQL gives its number to another one, whose fate is not this one's. */
  @Test
  void transactionThatWasLostWithTheDatabaseIsUndone() throws Exception {
    Connection connection = writing(1);
    long number = fate.sign(connection, SLOT).orElseThrow();
    server.kill();
    server.startAgain();
    for (int id = 2; id <= 20; id++) {
      try (Connection other = writing(id)) {
        assertThat(fate.sign(other, SLOT + 1)).isPresent();
        other.commit();
      }
    }

    assertThat(ask(number)).isEqualTo(UNDONE);
    assertThat(database.sql("select min(id) from thing")).isEqualTo("2");
    assertThatThrownBy(connection::commit).isInstanceOf(SQLException.class);
  }

  @Test
  void rowsOfServersThatAreGoneAreRemoved() throws Exception {
    database.sql("insert into signature values ('gone', 0, 7, 1000)");
    try (Connection here = writing(1)) {
      assertThat(fate.sign(here, SLOT)).isPresent();
      here.commit();
      here.setAutoCommit(true);

      Fate.forgetOld(here);
    }

    assertThat(database.sql("select slot, number from signature")).isEqualTo(SLOT + "|1");
  }

  @Test
  void tablesOfTheVersionBeforeGetTheirSignatures() throws Exception {
    database.sql("drop table signature; update store set version = 5");
    try (Connection connection = connect()) {
      Schema.prepareShared(connection);
    }

    assertThat(database.sql("select count(*) from signature")).isEqualTo("0");
    assertThat(database.sql("select version from store"))
        .isEqualTo(Integer.toString(Schema.VERSION));
  }
}
