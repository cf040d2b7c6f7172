package dev.postrider.storage.sql;

import dev.postrider.storage.StoreException;
import dev.postrider.storage.StoreException.Kind;
import dev.postrider.storage.accounts.AccountId;
import dev.postrider.storage.changes.Numbers;
import dev.postrider.storage.mailboxes.MailboxId;
import dev.postrider.storage.messages.BodyId;
import dev.postrider.storage.queue.QueueId;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.HashMap;
import java.util.Map;

/**
 * Numbers for one transaction among several servers. Whoever takes numbers of a mailbox locks its
 * row until the transaction ends; so those of one mailbox are given and become visible in the same
 * order, without gaps in the MODSEQ.
 */
final class SharedNumbers implements Numbers {

  private final PostgresDatabase database;
  private final Session session;
  private final Map<MailboxId, Counters> mailboxes = new HashMap<>();

  SharedNumbers(PostgresDatabase database, Session session) {
    this.database = database;
    this.session = session;
  }

  @Override
  public AccountId nextAccount() throws StoreException {
    return new AccountId(database.nextNumber("account"));
  }

  @Override
  public MailboxId nextMailbox() throws StoreException {
    long number = database.nextNumber("mailbox");
    if (number > MailboxId.MAX) {
      throw new StoreException(Kind.REFUSED, "no mailbox numbers left");
    }
    return new MailboxId(number);
  }

  @Override
  public BodyId nextBody() throws StoreException {
    return new BodyId(database.nextNumber("body"));
  }

  @Override
  public QueueId nextQueueEntry() throws StoreException {
    return new QueueId(database.nextNumber("queue"));
  }

  @Override
  public Counters mailbox(MailboxId id) throws StoreException {
    Counters known = mailboxes.get(id);
    if (known != null) {
      return known;
    }
    Counters counters = lock(id);
    mailboxes.put(id, counters);
    return counters;
  }

  private Counters lock(MailboxId id) throws StoreException {
    try {
      PreparedStatement query =
          session.prepare(
              "select uid_validity, uid_next, highest_modseq from mailbox where id = ?"
                  + " for no key update");
      query.setLong(1, id.value());
      try (ResultSet rows = query.executeQuery()) {
        if (!rows.next()) {
          throw new StoreException(Kind.NOT_FOUND, "mailbox " + id.value() + " does not exist");
        }
        return new Counters(rows.getLong(1), rows.getLong(2), rows.getLong(3));
      }
    } catch (SQLException e) {
      throw database.failure(e);
    }
  }

  @Override
  public void requireQueued(QueueId id) throws StoreException {
    try {
      PreparedStatement query =
          session.prepare("select id from queue_entry where id = ? for update");
      query.setLong(1, id.value());
      try (ResultSet rows = query.executeQuery()) {
        if (!rows.next()) {
          throw new StoreException(Kind.NOT_FOUND, "queue entry " + id.value() + " does not exist");
        }
      }
    } catch (SQLException e) {
      throw database.failure(e);
    }
  }
}
