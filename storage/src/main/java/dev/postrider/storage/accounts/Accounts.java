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

  /** Removes the account with its mailboxes and mail. Throws NOT_FOUND. */
  void remove(AccountId account) throws StoreException;
}
