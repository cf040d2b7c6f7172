package dev.postrider.storage.mailboxes;

import dev.postrider.storage.StoreException;
import dev.postrider.storage.StoreException.Kind;
import dev.postrider.storage.accounts.AccountId;
import dev.postrider.storage.changes.Change;
import dev.postrider.storage.changes.Commits;
import dev.postrider.storage.changes.Commits.Planned;
import dev.postrider.storage.sql.AccountRows;
import dev.postrider.storage.sql.MailboxRows;
import dev.postrider.storage.sql.SharingRows;
import dev.postrider.storage.sql.StructureRows;
import java.util.List;
import java.util.function.UnaryOperator;

/**
 * Access lists in the tables. They change while the structure stands, as mailboxes and accounts do.
 * Nothing of them is remembered, so a right that was taken away is gone at once, on every server.
 */
public final class StoredSharing implements Sharing {

  private final Commits commits;
  private final SharingRows rows;
  private final MailboxRows mailboxes;
  private final AccountRows accounts;

  public StoredSharing(Commits commits, StructureRows structure) {
    this.commits = commits;
    this.rows = structure.sharing();
    this.mailboxes = structure.mailboxes();
    this.accounts = structure.accounts();
  }

  @Override
  public Rights rights(Mailbox mailbox, AccountId account) throws StoreException {
    return mailbox.account().equals(account) ? Rights.ALL : rows.rights(mailbox.id(), account);
  }

  @Override
  public List<Entry> entries(MailboxId mailbox) throws StoreException {
    return rows.entries(mailbox);
  }

  @Override
  public List<Shared> sharedWith(AccountId account) throws StoreException {
    return rows.sharedWith(account, SHARED_MAX);
  }

  @Override
  public void change(MailboxId mailbox, Grantee grantee, UnaryOperator<Rights> change)
      throws StoreException {
    commits.whileStructureStands(
        () -> {
          AccountId owner = owner(mailbox);
          requireGrantable(grantee, owner);
          List<Entry> entries = rows.entries(mailbox);
          Rights before =
              entries.stream()
                  .filter(entry -> entry.grantee().equals(grantee))
                  .findFirst()
                  .map(Entry::rights)
                  .orElse(Rights.NONE);
          Rights after = change.apply(before);
          if (after.equals(before)) {
            return after;
          }
          if (before.isEmpty() && entries.size() >= ENTRIES_MAX) {
            throw new StoreException(Kind.REFUSED, "more than " + ENTRIES_MAX + " entries");
          }
          return commits.commit(
              (numbers, bodies) ->
                  new Planned<>(
                      List.of(new Change.AccessChanged(mailbox, owner, grantee, after)), after));
        });
  }

  private AccountId owner(MailboxId mailbox) throws StoreException {
    return mailboxes
        .find(mailbox)
        .map(Mailbox::account)
        .orElseThrow(
            () ->
                new StoreException(
                    Kind.NOT_FOUND, "mailbox " + mailbox.value() + " does not exist (any more)"));
  }

  private void requireGrantable(Grantee grantee, AccountId owner) throws StoreException {
    if (grantee.account().isEmpty()) {
      return;
    }
    AccountId account = grantee.account().get();
    if (account.equals(owner)) {
      throw new StoreException(Kind.REFUSED, "the owner has all rights, always");
    }
    if (accounts.find(account).isEmpty()) {
      throw new StoreException(Kind.NOT_FOUND, "account " + account.value() + " does not exist");
    }
  }
}
