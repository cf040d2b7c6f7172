package dev.postrider.server.admin;

import dev.postrider.storage.StoreException;
import dev.postrider.storage.accounts.Account;
import dev.postrider.storage.accounts.Quota;
import dev.postrider.storage.accounts.Quotas;
import java.util.LinkedHashMap;
import java.util.Map;

/** An account with what it uses and may use; for people and programs. */
public final class QuotaRow {

  /** In the place of a limit. */
  public static final String NONE = "none";

  private QuotaRow() {}

  /** Octets of storage, numbers of messages and of mailboxes. */
  static Map<String, String> of(Account account, Quotas quotas) throws StoreException {
    Quota.Usage used = quotas.usage(account.id());
    Quota limits = quotas.limits(account);
    Map<String, String> row = new LinkedHashMap<>();
    row.put("address", account.address().toString());
    put(row, "storage", used.octets(), limits.octets(), account.quota().octets());
    put(row, "messages", used.messages(), limits.messages(), account.quota().messages());
    put(row, "mailboxes", used.mailboxes(), limits.mailboxes(), account.quota().mailboxes());
    return row;
  }

  private static void put(Map<String, String> row, String name, long used, long limit, long own) {
    row.put(name, Long.toString(used));
    row.put(name + "-limit", limit == Quota.NONE ? NONE : Long.toString(limit));
    row.put(name + "-by", own == Quota.UNSET ? "default" : "account");
  }
}
