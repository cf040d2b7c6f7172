package dev.postrider.storage.mailboxes;

import dev.postrider.storage.StoreException;
import dev.postrider.storage.accounts.AccountId;
import java.util.List;
import java.util.Optional;
import java.util.SortedSet;
import org.jspecify.annotations.Nullable;

/** The mailboxes of every account. Names are compared exactly, but for INBOX. */
public interface Mailboxes {

  char SEPARATOR = '/';

  String INBOX = "INBOX";

  /** Octets of a whole name in UTF-8. */
  int NAME_OCTETS_MAX = 1024;

  /** Levels of a name. */
  int LEVELS_MAX = 32;

  /** Mailboxes of one account. */
  int PER_ACCOUNT_MAX = 10_000;

  /** All mailboxes of the account, by name, INBOX first. */
  List<Mailbox> list(AccountId account) throws StoreException;

  Optional<Mailbox> find(AccountId account, String name) throws StoreException;

  Optional<Mailbox> find(MailboxId mailbox) throws StoreException;

  /**
   * Makes a mailbox, and those above it that are missing. A name made again after a delete gets a
   * higher UIDVALIDITY. Throws EXISTS, REFUSED (name too long, empty level, too many), OVER_QUOTA.
   */
  Mailbox create(AccountId account, String name, @Nullable SpecialUse specialUse)
      throws StoreException;

  /** The same for the operator, whatever the quota of the account. */
  Mailbox createEvenOverQuota(AccountId account, String name) throws StoreException;

  /**
   * Renames a mailbox and everything below it in one step. INBOX stays where it is: its messages
   * move to a new mailbox (RFC 3501 section 6.3.5). Throws NOT_FOUND, EXISTS, REFUSED.
   */
  void rename(MailboxId mailbox, String newName) throws StoreException;

  /**
   * Deletes a mailbox with its messages; those below it stay. Throws NOT_FOUND, REFUSED for INBOX.
   */
  void delete(MailboxId mailbox) throws StoreException;

  /** Subscriptions are names: they may name what does not exist. RFC 3501 section 6.3.6. */
  SortedSet<String> subscriptions(AccountId account) throws StoreException;

  void subscribe(AccountId account, String name) throws StoreException;

  void unsubscribe(AccountId account, String name) throws StoreException;

  MailboxStatus status(MailboxId mailbox) throws StoreException;

  /** The same but for what takes a look at its messages; empty without the mailbox. */
  Optional<MailboxCounts> counts(MailboxId mailbox) throws StoreException;
}
