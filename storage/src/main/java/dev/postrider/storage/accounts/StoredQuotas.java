package dev.postrider.storage.accounts;

import dev.postrider.storage.StoreException;
import dev.postrider.storage.StoreException.Kind;
import dev.postrider.storage.changes.Change;
import dev.postrider.storage.changes.Commits;
import dev.postrider.storage.changes.Commits.Planned;
import dev.postrider.storage.sql.StructureRows;
import java.util.List;

/** Quotas in the tables. Limits change while the structure stands, as accounts do. */
public final class StoredQuotas implements Quotas {

  private final Commits commits;
  private final StructureRows rows;
  private final Quota defaults;

  public StoredQuotas(Commits commits, StructureRows rows, Quota defaults) {
    this.commits = commits;
    this.rows = rows;
    this.defaults = defaults;
  }

  @Override
  public Quota.Usage usage(AccountId account) throws StoreException {
    return rows.mailboxes().usage(account);
  }

  @Override
  public Quota limits(Account account) {
    return account.quota().or(defaults);
  }

  @Override
  public void change(AccountId account, Quota own) throws StoreException {
    commits.whileStructureStands(
        () -> {
          if (rows.accounts().find(account).isEmpty()) {
            throw new StoreException(
                Kind.NOT_FOUND, "account " + account.value() + " does not exist");
          }
          return commits.commit(
              (numbers, bodies) ->
                  new Planned<>(List.of(new Change.QuotaChanged(account, own)), account));
        });
  }
}
