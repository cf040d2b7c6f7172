package dev.postrider.storage.sql;

import dev.postrider.storage.StoreException;
import dev.postrider.storage.StoreException.Kind;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.List;
import java.util.function.Consumer;
import org.postgresql.PGConnection;
import org.postgresql.PGNotification;

/**
 * Words between the servers of one database, by LISTEN and NOTIFY, on a connection of their own.
 * Thread: one at a time.
 *
 * <p>A word is told after the transaction that it is about, not in it: PostgreSQL lets transactions
 * with a NOTIFY commit one after the other, each with its own wait for the disk.
 */
public final class Notices implements AutoCloseable {

  private static final String CHANNEL = "postrider";

  /** Octets of a payload are below 8000. */
  private static final int PAYLOAD_OCTETS_MAX = 7000;

  private final PostgresDatabase database;
  private final Session session;
  private final String sender;

  /**
   * Connects to tell. A word need not survive a crash: so nobody waits for the disk.
   *
   * @param sender who we are
   */
  public static Notices toTell(PostgresDatabase database, String sender) throws StoreException {
    return new Notices(database, sender, "set synchronous_commit = off");
  }

  /** Connects to hear what is told from now on, but by {@code sender}. */
  public static Notices toHear(PostgresDatabase database, String sender) throws StoreException {
    return new Notices(database, sender, "listen " + CHANNEL);
  }

  private Notices(PostgresDatabase database, String sender, String first) throws StoreException {
    this.database = database;
    this.sender = sender;
    try {
      this.session = database.connect();
      try (Statement statement = session.connection().createStatement()) {
        statement.execute(first);
      }
    } catch (SQLException e) {
      throw database.failure(e);
    }
  }

  /** Tells {@code words}, none of which has a blank, to the other servers. */
  public void tell(List<String> words) throws StoreException {
    StringBuilder payload = new StringBuilder(sender);
    for (String word : words) {
      if (payload.length() + word.length() + 1 > PAYLOAD_OCTETS_MAX) {
        send(payload.toString());
        payload.setLength(sender.length());
      }
      payload.append(' ').append(word);
    }
    if (payload.length() > sender.length()) {
      send(payload.toString());
    }
  }

  private void send(String payload) throws StoreException {
    try {
      PreparedStatement notify = session.prepare("select pg_notify(?, ?)");
      notify.setString(1, CHANNEL);
      notify.setString(2, payload);
      try (ResultSet rows = notify.executeQuery()) {
        rows.next();
      }
    } catch (SQLException e) {
      throw database.failure(e);
    }
  }

  /**
   * Hands the words of other servers to {@code listener}; waits for some.
   *
   * @param atMost milliseconds, at least 1
   * @throws StoreException UNAVAILABLE when the connection broke: words may have been missed
   */
  public void hear(int atMost, Consumer<String> listener) throws StoreException {
    try {
      PGNotification[] heard =
          session.connection().unwrap(PGConnection.class).getNotifications(atMost);
      if (heard == null) {
        return;
      }
      for (PGNotification notification : heard) {
        String[] words = notification.getParameter().split(" ", -1);
        for (int i = 1; i < words.length && !words[0].equals(sender); i++) {
          listener.accept(words[i]);
        }
      }
    } catch (SQLException e) {
      throw new StoreException(
          Kind.UNAVAILABLE, "cannot listen to the database: " + e.getMessage(), e);
    }
  }

  /** Asks for an answer, to see whether somebody is there. */
  public void requireAnswer() throws StoreException {
    try (ResultSet rows = session.prepare("select 1").executeQuery()) {
      rows.next();
    } catch (SQLException e) {
      throw database.failure(e);
    }
  }

  @Override
  public void close() throws StoreException {
    try {
      database.disconnect(session);
    } catch (SQLException e) {
      throw database.failure(e);
    }
  }
}
