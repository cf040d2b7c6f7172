package dev.postrider.storage.sql;

import dev.postrider.storage.StoreException;
import dev.postrider.storage.StoreException.Kind;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.Optional;
import java.util.Properties;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What became of a transaction whose connection broke before the answer to its commit: PostgreSQL
 * remembers, and is asked on another connection, for a while.
 */
final class Fate {

  private static final Logger log = LoggerFactory.getLogger(Fate.class);

  private static final int QUESTIONS_MAX = 50;
  private static final long BETWEEN_MILLIS = 200;

  private final String url;
  private final Properties properties;

  Fate(String url, Properties properties) {
    this.url = url;
    this.properties = properties;
  }

  /**
   * Returns when {@code transaction} was committed.
   *
   * @throws StoreException UNAVAILABLE when it was not, or nobody can tell: the text says which
   */
  void requireCommitted(String transaction, SQLException broken) throws StoreException {
    Optional<String> fate = Optional.empty();
    for (int i = 0; i < QUESTIONS_MAX && fate.isEmpty(); i++) {
      fate = ask(transaction).filter(status -> !status.equals("in progress"));
      if (fate.isEmpty()) {
        pause();
      }
    }
    log.warn(
        "store.commit-interrupted transaction={} fate={}", transaction, fate.orElse("unknown"));
    if (!fate.equals(Optional.of("committed"))) {
      throw new StoreException(
          Kind.UNAVAILABLE,
          fate.isPresent()
              ? "the database broke off before the change was made: " + broken.getMessage()
              : "the database broke off, and nobody knows whether the change was made: "
                  + broken.getMessage(),
          broken);
    }
  }

  /** Empty when it does not answer now. */
  private Optional<String> ask(String transaction) {
    try (Connection connection = DriverManager.getConnection(url, properties);
        PreparedStatement query =
            connection.prepareStatement("select pg_xact_status(cast(? as xid8))")) {
      query.setString(1, transaction);
      try (ResultSet rows = query.executeQuery()) {
        return rows.next() ? Optional.ofNullable(rows.getString(1)) : Optional.empty();
      }
    } catch (SQLException e) {
      log.debug("store.fate-unknown transaction={} cause=\"{}\"", transaction, e.getMessage());
      return Optional.empty();
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
