package dev.postrider.storage.mailboxes;

import dev.postrider.protocol.address.MailAddress;
import dev.postrider.storage.StoreException;
import dev.postrider.storage.accounts.AccountId;
import java.util.List;
import java.util.function.UnaryOperator;

/**
 * Who may do what with whose mailboxes.
 *
 * <p>A mailbox belongs to an account, which has all rights in it, always. Others have what the
 * access list of the mailbox gives them: rights of the entries for them and for anyone, together,
 * without those of the negative entries for them and for anyone. RFC 4314 section 2.
 *
 * <p>The list stays when the mailbox is renamed and goes when it is deleted; a new mailbox begins
 * with that of the nearest one above it. An entry goes with its account, and another account of the
 * same address does not get it back.
 */
public interface Sharing {

  /** Entries of one list. */
  int ENTRIES_MAX = 1000;

  /** Mailboxes of others in one {@link #sharedWith}; those with higher numbers are left out. */
  int SHARED_MAX = 10_000;

  /** The rights of an entry are not empty. */
  record Entry(Grantee grantee, Rights rights) {}

  /** A mailbox of somebody else, and what may be done with it: something. */
  record Shared(MailAddress owner, Mailbox mailbox, Rights rights) {}

  /** What {@code account} may do with {@code mailbox}; nothing when the account is gone. */
  Rights rights(Mailbox mailbox, AccountId account) throws StoreException;

  /** The access list but for the owner: anyone first, then accounts by number. */
  List<Entry> entries(MailboxId mailbox) throws StoreException;

  /** Mailboxes of others with which {@code account} may do something, by number. */
  List<Shared> sharedWith(AccountId account) throws StoreException;

  /**
   * Changes an entry, in one step. Without rights there is none.
   *
   * @param change of its rights, which are none before there is an entry; it may be asked more than
   *     once
   * @throws StoreException NOT_FOUND for a mailbox or account that does not exist, REFUSED for the
   *     owner, and when there are too many entries
   */
  void change(MailboxId mailbox, Grantee grantee, UnaryOperator<Rights> change)
      throws StoreException;
}
