package dev.postrider.storage.sql;

import dev.postrider.protocol.address.MailAddress;
import dev.postrider.storage.StoreException;
import dev.postrider.storage.accounts.Account;
import dev.postrider.storage.accounts.AccountId;
import dev.postrider.storage.accounts.Quota;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.OptionalLong;

/** Reads accounts. Callers: the store alone. */
public final class AccountRows {

  static final String COLUMNS =
      "select id, local_part, domain, credential, quota_octets, quota_messages, quota_mailboxes"
          + " from account";

  private final Database database;

  public AccountRows(Database database) {
    this.database = database;
  }

  /** What addresses are compared by. */
  static String key(MailAddress address) {
    return address.localPart().toLowerCase(Locale.ROOT) + "@" + address.domain();
  }

  public Optional<Account> find(MailAddress address) throws StoreException {
    return database.read(
        session -> {
          PreparedStatement query = session.prepare(COLUMNS + " where address = ?");
          query.setString(1, key(address));
          return first(query);
        });
  }

  public Optional<Account> find(AccountId account) throws StoreException {
    return database.read(
        session -> {
          PreparedStatement query = session.prepare(COLUMNS + " where id = ?");
          query.setLong(1, account.value());
          return first(query);
        });
  }

  /** All accounts, by address. */
  public List<Account> list() throws StoreException {
    return database.read(
        session -> {
          List<Account> accounts = new ArrayList<>();
          try (ResultSet rows = session.prepare(COLUMNS).executeQuery()) {
            while (rows.next()) {
              accounts.add(account(rows));
            }
          }
          // Databases differ in how they sort text.
          accounts.sort(Comparator.comparing(account -> key(account.address())));
          return List.copyOf(accounts);
        });
  }

  /** Whether {@code part}, which has no % and no _, is in the credential of every account. */
  public boolean isInEveryCredential(String part) throws StoreException {
    return database.read(
        session -> {
          PreparedStatement query =
              session.prepare("select 1 from account where credential not like ? limit 1");
          query.setString(1, "%" + part + "%");
          try (ResultSet rows = query.executeQuery()) {
            return !rows.next();
          }
        });
  }

  /** The highest UIDVALIDITY the account ever gave to a mailbox; empty without the account. */
  public OptionalLong lastUidValidity(AccountId account) throws StoreException {
    return database.read(
        session -> {
          PreparedStatement query =
              session.prepare("select last_uid_validity from account where id = ?");
          query.setLong(1, account.value());
          try (ResultSet rows = query.executeQuery()) {
            return rows.next() ? OptionalLong.of(rows.getLong(1)) : OptionalLong.empty();
          }
        });
  }

  private static Optional<Account> first(PreparedStatement query) throws SQLException {
    try (ResultSet rows = query.executeQuery()) {
      return rows.next() ? Optional.of(account(rows)) : Optional.empty();
    }
  }

  static Account account(ResultSet rows) throws SQLException {
    return new Account(
        new AccountId(rows.getLong(1)),
        new MailAddress(rows.getString(2), rows.getString(3)),
        rows.getString(4),
        new Quota(rows.getLong(5), rows.getLong(6), rows.getLong(7)));
  }
}
