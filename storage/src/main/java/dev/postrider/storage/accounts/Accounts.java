package dev.postrider.storage.accounts;

import dev.postrider.protocol.address.MailAddress;
import dev.postrider.storage.StoreException;
import java.util.List;
import java.util.Optional;

/** The accounts. Addresses are compared without regard to case. */
public interface Accounts {

  Optional<Account> find(MailAddress address) throws StoreException;

  Optional<Account> find(AccountId account) throws StoreException;

  /** All accounts, by address. */
  List<Account> list() throws StoreException;

  /**
   * Makes an account with INBOX and the default mailboxes (Drafts, Sent, Junk, Trash, Archive), all
   * subscribed.
   *
   * @throws StoreException EXISTS
   */
  Account create(MailAddress address, String credential) throws StoreException;

  /** Throws NOT_FOUND. */
  void changeCredential(AccountId account, String credential) throws StoreException;

  /**
   * Puts {@code credential} in the place of {@code expected}, in one step.
   *
   * @return whether it did; not when the account has another one by now, or is gone
   */
  boolean replaceCredential(AccountId account, String expected, String credential)
      throws StoreException;

  /** Whether {@code part}, which has no % and no _, is in the credential of every account. */
  boolean isInEveryCredential(String part) throws StoreException;

  /** Removes the account with its mailboxes and mail. Throws NOT_FOUND. */
  void remove(AccountId account) throws StoreException;
}
