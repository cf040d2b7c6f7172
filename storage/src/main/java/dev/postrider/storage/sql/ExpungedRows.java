package dev.postrider.storage.sql;

import dev.postrider.storage.StoreException;
import dev.postrider.storage.accounts.AccountId;
import dev.postrider.storage.mailboxes.MailboxId;
import dev.postrider.storage.messages.BodyId;
import dev.postrider.storage.messages.Message;
import dev.postrider.storage.messages.ModSeq;
import dev.postrider.storage.messages.Uid;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;

/** Reads messages that were expunged and can be brought back. Callers: the store alone. */
public final class ExpungedRows {

  private final Database database;

  public ExpungedRows(Database database) {
    this.database = database;
  }

  /**
   * A mailbox that has, or may have, such messages.
   *
   * @param gone whether it was deleted; its name is the last that it had
   */
  public record Place(MailboxId mailbox, String name, boolean gone) {}

  /** How many messages, and the sum of their sizes. */
  public record Sum(int messages, long octets) {}

  /** A message of some mailbox. */
  public record Key(MailboxId mailbox, Uid uid) {}

  /** Mailboxes of the account, of today and deleted, in the order they were made. */
  public List<Place> places(AccountId account) throws StoreException {
    return database.read(
        session -> {
          PreparedStatement query =
              session.prepare(
                  "select id, name, false from mailbox where account = ?"
                      + " union all select id, name, true from deleted_mailbox where account = ?"
                      + " order by 1");
          query.setLong(1, account.value());
          query.setLong(2, account.value());
          List<Place> places = new ArrayList<>();
          try (ResultSet rows = query.executeQuery()) {
            while (rows.next()) {
              places.add(
                  new Place(new MailboxId(rows.getLong(1)), rows.getString(2), rows.getBoolean(3)));
            }
          }
          return List.copyOf(places);
        });
  }

  /** Messages of the mailbox that were expunged at {@code since} or later. */
  public Sum sum(MailboxId mailbox, Instant since) throws StoreException {
    return database.read(
        session -> {
          PreparedStatement query =
              session.prepare(
                  "select count(*), coalesce(sum(octets), 0) from expunged"
                      + " where id between ? and ? and body is not null and expunged_at >= ?");
          query.setLong(1, ChangeRows.messageKey(mailbox, 0));
          query.setLong(2, ChangeRows.messageKey(mailbox, Uid.MAX));
          query.setLong(3, since.toEpochMilli());
          try (ResultSet rows = query.executeQuery()) {
            rows.next();
            return new Sum(rows.getInt(1), rows.getLong(2));
          }
        });
  }

  /** The same messages, by UID, at most {@code max}; the MODSEQ is that of the expunge. */
  public List<Message> list(MailboxId mailbox, Instant since, int max) throws StoreException {
    return database.read(
        session -> {
          PreparedStatement query =
              session.prepare(
                  "select id, modseq, flags, keywords, octets, internal_date, body from expunged"
                      + " where id between ? and ? and body is not null and expunged_at >= ?"
                      + " order by id limit ?");
          query.setLong(1, ChangeRows.messageKey(mailbox, 0));
          query.setLong(2, ChangeRows.messageKey(mailbox, Uid.MAX));
          query.setLong(3, since.toEpochMilli());
          query.setInt(4, max);
          List<Message> messages = new ArrayList<>();
          try (ResultSet rows = query.executeQuery()) {
            while (rows.next()) {
              messages.add(message(rows));
            }
          }
          return List.copyOf(messages);
        });
  }

  /** Messages that were expunged before {@code until}, oldest first, at most {@code max}. */
  public List<Key> olderThan(Instant until, int max) throws StoreException {
    return database.read(
        session -> {
          PreparedStatement query =
              session.prepare(
                  "select id from expunged where expunged_at < ? order by expunged_at limit ?");
          query.setLong(1, until.toEpochMilli());
          query.setInt(2, max);
          List<Key> keys = new ArrayList<>();
          try (ResultSet rows = query.executeQuery()) {
            while (rows.next()) {
              long key = rows.getLong(1);
              keys.add(new Key(new MailboxId(key >>> 32), new Uid(key & Uid.MAX)));
            }
          }
          return List.copyOf(keys);
        });
  }

  private static Message message(ResultSet rows) throws SQLException {
    return new Message(
        new Uid(rows.getLong(1) & Uid.MAX),
        new ModSeq(rows.getLong(2)),
        MessageRows.flags(rows.getInt(3), rows.getString(4)),
        rows.getLong(5),
        Instant.ofEpochSecond(rows.getLong(6)),
        new BodyId(rows.getLong(7)));
  }
}
