package dev.postrider.storage.sql;

import dev.postrider.storage.StoreException;
import dev.postrider.storage.StoreException.Kind;
import dev.postrider.storage.accounts.AccountId;
import dev.postrider.storage.accounts.Quota;
import dev.postrider.storage.changes.Change;
import dev.postrider.storage.changes.Numbers;
import dev.postrider.storage.changes.QuotaCheck;
import dev.postrider.storage.mailboxes.MailboxId;
import dev.postrider.storage.messages.BodyId;
import dev.postrider.storage.queue.QueueId;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;

/**
 * Numbers for one transaction among several servers. Whoever takes numbers of a mailbox locks its
 * row until the transaction ends; so those of one mailbox are given and become visible in the same
 * order, without gaps in the MODSEQ. Whoever adds to an account that is limited locks its row too,
 * after those of mailboxes.
 */
final class SharedNumbers implements Numbers, QuotaCheck.Ledger {

  private static final String LOCKED = " where id = ? for no key update";

  private final PostgresDatabase database;
  private final Session session;
  private final Quota defaults;
  private final Map<MailboxId, Counters> mailboxes = new HashMap<>();
  private final Map<MailboxId, AccountId> owners = new HashMap<>();
  private final Set<AccountId> unlimited = new HashSet<>();

  SharedNumbers(PostgresDatabase database, Session session, Quota defaults) {
    this.database = database;
    this.session = session;
    this.defaults = defaults;
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
              "select m.uid_validity, m.uid_next, m.highest_modseq, m.account, a.quota_octets,"
                  + " a.quota_messages, a.quota_mailboxes from mailbox m"
                  + " join account a on a.id = m.account where m.id = ? for no key update of m");
      query.setLong(1, id.value());
      try (ResultSet rows = query.executeQuery()) {
        if (!rows.next()) {
          throw new StoreException(Kind.NOT_FOUND, "mailbox " + id.value() + " does not exist");
        }
        AccountId owner = new AccountId(rows.getLong(4));
        owners.put(id, owner);
        Quota own = new Quota(rows.getLong(5), rows.getLong(6), rows.getLong(7));
        if (!own.or(defaults).isLimited()) {
          unlimited.add(owner);
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

  @Override
  public void requireQuota(List<Change> changes) throws StoreException {
    QuotaCheck.require(changes, this);
  }

  @Override
  public AccountId owner(MailboxId mailbox) throws StoreException {
    AccountId known = owners.get(mailbox);
    if (known != null) {
      return known;
    }
    var _ = mailbox(mailbox);
    return Objects.requireNonNull(owners.get(mailbox));
  }

  /** Who is limited is locked: one transaction after the other adds to an account. */
  @Override
  public Quota limits(AccountId account) throws StoreException {
    if (unlimited.contains(account)) {
      return Quota.UNLIMITED;
    }
    try {
      PreparedStatement query = session.prepare(AccountRows.COLUMNS + LOCKED);
      query.setLong(1, account.value());
      try (ResultSet rows = query.executeQuery()) {
        // An account that is made in this transaction has no row yet.
        return rows.next() ? AccountRows.account(rows).quota().or(defaults) : Quota.UNLIMITED;
      }
    } catch (SQLException e) {
      throw database.failure(e);
    }
  }

  @Override
  public Quota.Usage usage(AccountId account) throws StoreException {
    try {
      return MailboxRows.usage(session, account);
    } catch (SQLException e) {
      throw database.failure(e);
    }
  }
}
