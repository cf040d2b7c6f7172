package dev.postrider.storage.sql;

import dev.postrider.storage.StoreException;
import dev.postrider.storage.accounts.AccountId;
import dev.postrider.storage.accounts.Quota;
import dev.postrider.storage.mailboxes.Mailbox;
import dev.postrider.storage.mailboxes.MailboxCounts;
import dev.postrider.storage.mailboxes.MailboxId;
import dev.postrider.storage.mailboxes.MailboxStatus;
import dev.postrider.storage.mailboxes.SpecialUse;
import dev.postrider.storage.messages.ModSeq;
import dev.postrider.storage.messages.SystemFlag;
import dev.postrider.storage.messages.Uid;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.SortedSet;
import java.util.TreeSet;

/** Reads mailboxes and subscriptions. Callers: the store alone. */
public final class MailboxRows {

  private static final String COLUMNS =
      "select m.id, m.account, m.name, m.uid_validity, m.special_use, s.name is not null"
          + " from mailbox m left join subscription s"
          + " on s.account = m.account and s.name = m.name";

  private static final String STATUS =
      "select m.uid_next, m.uid_validity, m.highest_modseq, count(g.id),"
          + (" count(*) filter (where g.id is not null and mod(g.flags / "
              + SystemFlag.SEEN.bit()
              + ", 2) = 0),")
          + " count(*) filter (where g.id >= m.id * 4294967296 + m.first_recent),"
          + (" count(*) filter (where mod(g.flags / " + SystemFlag.DELETED.bit() + ", 2) = 1),")
          + " coalesce(sum(g.octets), 0),"
          + (" coalesce(sum(g.octets) filter (where mod(g.flags / "
              + SystemFlag.DELETED.bit()
              + ", 2) = 1), 0)")
          + " from mailbox m left join message g on g.id between ? and ?"
          + " where m.id = ? group by m.id";

  private final Database database;

  public MailboxRows(Database database) {
    this.database = database;
  }

  /** All mailboxes of the account, in no order. */
  public List<Mailbox> list(AccountId account) throws StoreException {
    return database.read(
        session -> {
          PreparedStatement query = session.prepare(COLUMNS + " where m.account = ?");
          query.setLong(1, account.value());
          List<Mailbox> mailboxes = new ArrayList<>();
          try (ResultSet rows = query.executeQuery()) {
            while (rows.next()) {
              mailboxes.add(mailbox(rows));
            }
          }
          return mailboxes;
        });
  }

  public Optional<Mailbox> find(AccountId account, String name) throws StoreException {
    return database.read(
        session -> {
          PreparedStatement query =
              session.prepare(COLUMNS + " where m.account = ? and m.name = ?");
          query.setLong(1, account.value());
          query.setString(2, name);
          return first(query);
        });
  }

  public Optional<Mailbox> find(MailboxId mailbox) throws StoreException {
    return database.read(
        session -> {
          PreparedStatement query = session.prepare(COLUMNS + " where m.id = ?");
          query.setLong(1, mailbox.value());
          return first(query);
        });
  }

  public SortedSet<String> subscriptions(AccountId account) throws StoreException {
    return database.read(
        session -> {
          PreparedStatement query =
              session.prepare("select name from subscription where account = ?");
          query.setLong(1, account.value());
          TreeSet<String> names = new TreeSet<>();
          try (ResultSet rows = query.executeQuery()) {
            while (rows.next()) {
              names.add(rows.getString(1));
            }
          }
          return Collections.unmodifiableSortedSet(names);
        });
  }

  /** Counts the rows of the mailbox; empty without the mailbox. */
  public Optional<MailboxStatus> status(MailboxId mailbox) throws StoreException {
    return database.read(
        session -> {
          PreparedStatement query = session.prepare(STATUS);
          query.setLong(1, ChangeRows.messageKey(mailbox, 0));
          query.setLong(2, ChangeRows.messageKey(mailbox, Uid.MAX));
          query.setLong(3, mailbox.value());
          try (ResultSet rows = query.executeQuery()) {
            return rows.next() ? Optional.of(status(rows)) : Optional.empty();
          }
        });
  }

  /** What the row of the mailbox says; empty without it. */
  public Optional<MailboxCounts> counts(MailboxId mailbox) throws StoreException {
    return database.read(
        session -> {
          PreparedStatement query =
              session.prepare(
                  "select messages, uid_next, uid_validity, highest_modseq from mailbox"
                      + " where id = ?");
          query.setLong(1, mailbox.value());
          try (ResultSet rows = query.executeQuery()) {
            return rows.next()
                ? Optional.of(
                    new MailboxCounts(
                        rows.getLong(1),
                        new Uid(rows.getLong(2)),
                        rows.getLong(3),
                        new ModSeq(rows.getLong(4))))
                : Optional.empty();
          }
        });
  }

  /** What the account uses: the sum of what each of its mailboxes has counted. */
  public Quota.Usage usage(AccountId account) throws StoreException {
    return database.read(session -> usage(session, account));
  }

  static Quota.Usage usage(Session session, AccountId account) throws SQLException {
    PreparedStatement query =
        session.prepare(
            "select coalesce(sum(octets), 0), coalesce(sum(messages), 0), count(*) from mailbox"
                + " where account = ?");
    query.setLong(1, account.value());
    try (ResultSet rows = query.executeQuery()) {
      rows.next();
      return new Quota.Usage(rows.getLong(1), rows.getLong(2), rows.getLong(3));
    }
  }

  private static MailboxStatus status(ResultSet rows) throws SQLException {
    return new MailboxStatus(
        rows.getInt(4),
        rows.getInt(5),
        rows.getInt(6),
        rows.getInt(7),
        new Uid(rows.getLong(1)),
        rows.getLong(2),
        new ModSeq(rows.getLong(3)),
        rows.getLong(8),
        rows.getLong(9));
  }

  private static Optional<Mailbox> first(PreparedStatement query) throws SQLException {
    try (ResultSet rows = query.executeQuery()) {
      return rows.next() ? Optional.of(mailbox(rows)) : Optional.empty();
    }
  }

  private static Mailbox mailbox(ResultSet rows) throws SQLException {
    return new Mailbox(
        new MailboxId(rows.getLong(1)),
        new AccountId(rows.getLong(2)),
        rows.getString(3),
        rows.getLong(4),
        Optional.ofNullable(rows.getString(5)).map(SpecialUse::valueOf),
        rows.getBoolean(6));
  }
}
