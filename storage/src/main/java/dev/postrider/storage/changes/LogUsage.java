package dev.postrider.storage.changes;

import dev.postrider.storage.StoreException;
import dev.postrider.storage.StoreException.Kind;
import dev.postrider.storage.accounts.AccountId;
import dev.postrider.storage.accounts.Quota;
import dev.postrider.storage.accounts.Quota.Usage;
import dev.postrider.storage.mailboxes.MailboxId;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** What mailboxes and accounts use as of the end of the log. Thread: the writer of the log. */
final class LogUsage implements QuotaCheck.Ledger {

  private final Map<MailboxId, Place> mailboxes = new HashMap<>();
  private final Map<AccountId, Usage> accounts = new HashMap<>();
  private final Map<AccountId, Quota> own = new HashMap<>();
  private Quota defaults = Quota.UNLIMITED;

  private record Place(AccountId owner, Usage usage) {}

  void limit(Quota quota) {
    defaults = quota;
  }

  void restore(MailboxId mailbox, AccountId owner, long messages, long octets) {
    put(mailbox, owner, new Usage(octets, messages, 1));
  }

  void restore(AccountId account, Quota quota) {
    if (quota.equals(Quota.DEFAULT)) {
      own.remove(account);
    } else {
      own.put(account, quota);
    }
  }

  /** Throws OVER_QUOTA. */
  void require(List<Change> changes) throws StoreException {
    if (!own.isEmpty() || defaults.isLimited()) {
      QuotaCheck.require(changes, this);
    }
  }

  void advance(Change change) {
    switch (change) {
      case Change.MailboxCreated created ->
          put(created.mailbox(), created.account(), new Usage(0, 0, 1));
      case Change.MailboxDeleted deleted -> remove(deleted.mailbox());
      case Change.InMailbox in -> {
        Usage more = QuotaCheck.usage(in);
        Place place = mailboxes.get(in.mailbox());
        if (place != null && !more.equals(Usage.NOTHING)) {
          mailboxes.put(in.mailbox(), new Place(place.owner(), place.usage().plus(more)));
          accounts.merge(place.owner(), more, Usage::plus);
        }
      }
      case Change.QuotaChanged changed -> restore(changed.account(), changed.quota());
      case Change.AccountRemoved removed -> {
        own.remove(removed.account());
        accounts.remove(removed.account());
      }
      case Change other -> {}
    }
  }

  private void put(MailboxId mailbox, AccountId owner, Usage usage) {
    mailboxes.put(mailbox, new Place(owner, usage));
    accounts.merge(owner, usage, Usage::plus);
  }

  private void remove(MailboxId mailbox) {
    Place place = mailboxes.remove(mailbox);
    if (place != null) {
      Usage gone = place.usage();
      accounts.merge(
          place.owner(),
          new Usage(-gone.octets(), -gone.messages(), -gone.mailboxes()),
          Usage::plus);
    }
  }

  @Override
  public AccountId owner(MailboxId mailbox) throws StoreException {
    Place place = mailboxes.get(mailbox);
    if (place == null) {
      throw new StoreException(Kind.NOT_FOUND, "mailbox " + mailbox.value() + " does not exist");
    }
    return place.owner();
  }

  @Override
  public Quota limits(AccountId account) {
    return own.getOrDefault(account, Quota.DEFAULT).or(defaults);
  }

  @Override
  public Usage usage(AccountId account) {
    return accounts.getOrDefault(account, Usage.NOTHING);
  }
}
