package dev.postrider.storage.accounts;

import dev.postrider.protocol.address.MailAddress;

/**
 * Somebody with mailboxes here.
 *
 * @param address where mail for the account is sent, and the name it logs in with
 * @param credential how a password is checked, as the server writes it; never logged
 * @param quota its own limits
 */
public record Account(AccountId id, MailAddress address, String credential, Quota quota) {

  /** Without limits of its own. */
  public Account(AccountId id, MailAddress address, String credential) {
    this(id, address, credential, Quota.DEFAULT);
  }

  /** Without the credential. */
  @Override
  public String toString() {
    return "Account[" + id.value() + ", " + address + "]";
  }
}
