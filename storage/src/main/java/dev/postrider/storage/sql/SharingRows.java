package dev.postrider.storage.sql;

import dev.postrider.protocol.address.MailAddress;
import dev.postrider.storage.StoreException;
import dev.postrider.storage.accounts.AccountId;
import dev.postrider.storage.mailboxes.Grantee;
import dev.postrider.storage.mailboxes.Mailbox;
import dev.postrider.storage.mailboxes.MailboxId;
import dev.postrider.storage.mailboxes.Rights;
import dev.postrider.storage.mailboxes.Sharing;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Reads access lists. Callers: the store alone. */
public final class SharingRows {

  /** Stands for everybody where an account would stand. */
  static final long ANYONE = 0;

  private static final String RIGHTS =
      "select negative, rights from mailbox_right where mailbox = ? and grantee in (0, ?)"
          + " and exists (select 1 from account where id = ?)";

  private static final String SHARED =
      "select m.id, m.account, m.name, m.uid_validity, o.local_part, o.domain, r.negative,"
          + " r.rights from mailbox_right r join mailbox m on m.id = r.mailbox"
          + " join account o on o.id = m.account"
          + " where r.grantee in (0, ?) and m.account <> ?"
          + " and exists (select 1 from account where id = ?) order by m.id";

  private final Database database;

  public SharingRows(Database database) {
    this.database = database;
  }

  static long key(Grantee grantee) {
    return grantee.account().map(AccountId::value).orElse(ANYONE);
  }

  static Grantee grantee(long key, boolean negative) {
    return new Grantee(
        key == ANYONE ? Optional.empty() : Optional.of(new AccountId(key)), negative);
  }

  static Rights rights(String letters) throws SQLException {
    return Rights.parse(letters).orElseThrow(() -> new SQLException("not rights: " + letters));
  }

  /** What an account that is not the owner may do. */
  public Rights rights(MailboxId mailbox, AccountId account) throws StoreException {
    return database.read(
        session -> {
          PreparedStatement query = session.prepare(RIGHTS);
          query.setLong(1, mailbox.value());
          query.setLong(2, account.value());
          query.setLong(3, account.value());
          Sum sum = new Sum();
          try (ResultSet rows = query.executeQuery()) {
            while (rows.next()) {
              sum.add(rows.getBoolean(1), rights(rows.getString(2)));
            }
          }
          return sum.rights();
        });
  }

  public List<Sharing.Entry> entries(MailboxId mailbox) throws StoreException {
    return database.read(
        session -> {
          PreparedStatement query =
              session.prepare(
                  "select grantee, negative, rights from mailbox_right where mailbox = ?"
                      + " order by grantee, negative");
          query.setLong(1, mailbox.value());
          List<Sharing.Entry> entries = new ArrayList<>();
          try (ResultSet rows = query.executeQuery()) {
            while (rows.next()) {
              entries.add(
                  new Sharing.Entry(
                      grantee(rows.getLong(1), rows.getBoolean(2)), rights(rows.getString(3))));
            }
          }
          return entries;
        });
  }

  /** At most {@code max} mailboxes of others, by number. */
  public List<Sharing.Shared> sharedWith(AccountId account, int max) throws StoreException {
    return database.read(
        session -> {
          PreparedStatement query = session.prepare(SHARED);
          for (int i = 1; i <= 3; i++) {
            query.setLong(i, account.value());
          }
          List<Sharing.Shared> shared = new ArrayList<>();
          try (ResultSet rows = query.executeQuery()) {
            boolean more = rows.next();
            while (more && shared.size() < max) {
              Mailbox mailbox = mailbox(rows);
              MailAddress owner = new MailAddress(rows.getString(5), rows.getString(6));
              Sum sum = new Sum();
              while (more && rows.getLong(1) == mailbox.id().value()) {
                sum.add(rows.getBoolean(7), rights(rows.getString(8)));
                more = rows.next();
              }
              if (!sum.rights().isEmpty()) {
                shared.add(new Sharing.Shared(owner, mailbox, sum.rights()));
              }
            }
          }
          return shared;
        });
  }

  /** Without what it is to its owner. */
  private static Mailbox mailbox(ResultSet rows) throws SQLException {
    return new Mailbox(
        new MailboxId(rows.getLong(1)),
        new AccountId(rows.getLong(2)),
        rows.getString(3),
        rows.getLong(4),
        Optional.empty(),
        false);
  }

  /** Of the entries that are about one account. */
  private static final class Sum {
    private Rights given = Rights.NONE;
    private Rights taken = Rights.NONE;

    void add(boolean negative, Rights rights) {
      if (negative) {
        taken = taken.plus(rights);
      } else {
        given = given.plus(rights);
      }
    }

    Rights rights() {
      return given.minus(taken);
    }
  }
}
