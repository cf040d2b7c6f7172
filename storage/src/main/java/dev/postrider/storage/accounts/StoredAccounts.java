package dev.postrider.storage.accounts;

import dev.postrider.protocol.address.MailAddress;
import dev.postrider.storage.StoreException;
import dev.postrider.storage.StoreException.Kind;
import dev.postrider.storage.changes.Change;
import dev.postrider.storage.changes.Commits;
import dev.postrider.storage.changes.Commits.Planned;
import dev.postrider.storage.changes.Remembered;
import dev.postrider.storage.mailboxes.Mailbox;
import dev.postrider.storage.mailboxes.Mailboxes;
import dev.postrider.storage.mailboxes.SpecialUse;
import dev.postrider.storage.mailboxes.StoredMailboxes;
import dev.postrider.storage.sql.AccountRows;
import dev.postrider.storage.sql.MailboxRows;
import java.time.Instant;
import java.time.InstantSource;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Accounts in the tables; they change while the structure stands, as mailboxes do. */
public final class StoredAccounts implements Accounts {

  /** Accounts, by each way in which their address was written. */
  private static final int REMEMBERED_MAX = 20_000;

  private record Default(String name, Optional<SpecialUse> use) {}

  private static final List<Default> DEFAULTS =
      List.of(
          new Default(Mailboxes.INBOX, Optional.empty()),
          new Default("Drafts", Optional.of(SpecialUse.DRAFTS)),
          new Default("Sent", Optional.of(SpecialUse.SENT)),
          new Default("Junk", Optional.of(SpecialUse.JUNK)),
          new Default("Trash", Optional.of(SpecialUse.TRASH)),
          new Default("Archive", Optional.of(SpecialUse.ARCHIVE)));

  private final Commits commits;
  private final AccountRows rows;
  private final MailboxRows mailboxes;
  private final InstantSource clock;
  private final Remembered<MailAddress, Account> byAddress = new Remembered<>(REMEMBERED_MAX);

  public StoredAccounts(
      Commits commits, AccountRows rows, MailboxRows mailboxes, InstantSource clock) {
    this.commits = commits;
    this.rows = rows;
    this.mailboxes = mailboxes;
    this.clock = clock;
  }

  @Override
  public Optional<Account> find(MailAddress address) throws StoreException {
    return byAddress.get(address, () -> rows.find(address));
  }

  @Override
  public Optional<Account> find(AccountId account) throws StoreException {
    return rows.find(account);
  }

  /** Another server may change the tables; while nobody hears of it, nothing is remembered. */
  public void hear(boolean hearing) {
    if (hearing) {
      byAddress.resume();
    } else {
      byAddress.pause();
    }
  }

  /** On the applier, after the tables have {@code changes}. */
  public void apply(List<Change> changes) {
    for (Change change : changes) {
      if (change instanceof Change.AccountCreated
          || change instanceof Change.CredentialChanged
          || change instanceof Change.QuotaChanged
          || change instanceof Change.AccountRemoved) {
        byAddress.forget();
        return;
      }
    }
  }

  @Override
  public List<Account> list() throws StoreException {
    return rows.list();
  }

  @Override
  public Account create(MailAddress address, String credential) throws StoreException {
    return commits.whileStructureStands(
        () -> {
          if (rows.find(address).isPresent()) {
            throw new StoreException(Kind.EXISTS, "account exists: " + address);
          }
          return commits.commit(
              (numbers, bodies) -> {
                AccountId account = numbers.nextAccount();
                List<Change> changes = new ArrayList<>();
                changes.add(new Change.AccountCreated(account, address, credential));
                long uidValidity = 0;
                for (Default mailbox : DEFAULTS) {
                  uidValidity = StoredMailboxes.nextUidValidity(uidValidity, clock);
                  changes.add(
                      new Change.MailboxCreated(
                          numbers.nextMailbox(),
                          account,
                          mailbox.name(),
                          uidValidity,
                          mailbox.use()));
                  changes.add(new Change.Subscribed(account, mailbox.name()));
                }
                return Planned.whateverQuota(changes, new Account(account, address, credential));
              });
        });
  }

  @Override
  public void changeCredential(AccountId account, String credential) throws StoreException {
    commits.whileStructureStands(
        () -> {
          require(account);
          return commits.commit(
              (numbers, bodies) ->
                  new Planned<>(
                      List.of(new Change.CredentialChanged(account, credential)), account));
        });
  }

  @Override
  public boolean replaceCredential(AccountId account, String expected, String credential)
      throws StoreException {
    return commits.whileStructureStands(
        () -> {
          boolean same =
              rows.find(account).map(Account::credential).filter(expected::equals).isPresent();
          List<Change> changes =
              same ? List.of(new Change.CredentialChanged(account, credential)) : List.of();
          return commits.commit((numbers, bodies) -> new Planned<>(changes, same));
        });
  }

  @Override
  public boolean isInEveryCredential(String part) throws StoreException {
    return rows.isInEveryCredential(part);
  }

  @Override
  public void remove(AccountId account) throws StoreException {
    commits.whileStructureStands(
        () -> {
          require(account);
          Instant now = clock.instant().truncatedTo(ChronoUnit.MILLIS);
          List<Change> changes = new ArrayList<>();
          for (Mailbox mailbox : mailboxes.list(account)) {
            changes.add(new Change.MailboxDeleted(mailbox.id(), account, now, false));
          }
          changes.add(new Change.AccountRemoved(account));
          return commits.commit((numbers, bodies) -> new Planned<>(changes, account));
        });
  }

  private void require(AccountId account) throws StoreException {
    if (rows.find(account).isEmpty()) {
      throw new StoreException(Kind.NOT_FOUND, "account " + account.value() + " does not exist");
    }
  }
}
