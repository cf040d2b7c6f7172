package dev.postrider.storage.changes;

import dev.postrider.storage.StoreException;
import dev.postrider.storage.StoreException.Kind;
import dev.postrider.storage.accounts.AccountId;
import dev.postrider.storage.accounts.Quota;
import dev.postrider.storage.accounts.Quota.Usage;
import dev.postrider.storage.mailboxes.MailboxId;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** Whether changes are within the limits of the accounts that they add to. */
public final class QuotaCheck {

  /** Knows the accounts, as they are before the changes. */
  public interface Ledger {
    /** Who owns a mailbox. Throws NOT_FOUND. */
    AccountId owner(MailboxId mailbox) throws StoreException;

    /** What holds for an account; nobody else adds to one with limits until this is decided. */
    Quota limits(AccountId account) throws StoreException;

    Usage usage(AccountId account) throws StoreException;
  }

  private QuotaCheck() {}

  /** Throws OVER_QUOTA. Accounts are looked at by number. */
  public static void require(List<Change> changes, Ledger ledger) throws StoreException {
    Map<AccountId, Usage> more = more(changes, ledger);
    for (Map.Entry<AccountId, Usage> one : more.entrySet()) {
      if (!one.getValue().isMore()) {
        continue;
      }
      Quota limits = ledger.limits(one.getKey());
      if (limits.isLimited() && !limits.hasRoom(ledger.usage(one.getKey()), one.getValue())) {
        throw new StoreException(
            Kind.OVER_QUOTA,
            "account "
                + one.getKey().value()
                + " has no room for "
                + one.getValue()
                + " within "
                + limits);
      }
    }
  }

  private static Map<AccountId, Usage> more(List<Change> changes, Ledger ledger)
      throws StoreException {
    Map<AccountId, Usage> more = new TreeMap<>(Comparator.comparingLong(AccountId::value));
    Map<MailboxId, AccountId> created = new HashMap<>();
    for (Change change : changes) {
      if (change instanceof Change.MailboxCreated mailbox) {
        created.put(mailbox.mailbox(), mailbox.account());
        more.merge(mailbox.account(), new Usage(0, 0, 1), Usage::plus);
        continue;
      }
      Usage usage = usage(change);
      if (change instanceof Change.InMailbox in && !usage.equals(Usage.NOTHING)) {
        AccountId known = created.get(in.mailbox());
        more.merge(known == null ? ledger.owner(in.mailbox()) : known, usage, Usage::plus);
      }
    }
    return more;
  }

  /** What a change adds to its mailbox, or takes from it. */
  public static Usage usage(Change change) {
    return switch (change) {
      case Change.MessageFiled filed -> new Usage(filed.octets(), 1, 0);
      case Change.Expunged expunged ->
          expunged.isCounted()
              ? new Usage(-expunged.octets(), -expunged.uids().size(), 0)
              : Usage.NOTHING;
      case Change other -> Usage.NOTHING;
    };
  }
}
