package dev.postrider.storage.mailboxes;

import dev.postrider.storage.StoreException;
import dev.postrider.storage.accounts.AccountId;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/**
 * Messages that were expunged, or were in a mailbox that was deleted, and can be brought back. A
 * message that was moved is not among them: it is where it was moved to.
 */
public interface Recoverable {

  /**
   * Which of them.
   *
   * @param mailbox name of one mailbox, the last one it had; empty: all of the account
   * @param since when they left, at the earliest
   */
  record Wanted(AccountId account, Optional<String> mailbox, Instant since) {}

  /**
   * Some of one mailbox.
   *
   * @param gone whether the mailbox was deleted
   * @param octets sum of their sizes
   */
  record Found(String mailbox, boolean gone, int messages, long octets) {}

  /** By mailbox, in the order the mailboxes were made; those without any are left out. */
  List<Found> find(Wanted wanted) throws StoreException;

  /**
   * Brings them back: each gets a new UID in its mailbox, with its flags, but for {@code \Deleted},
   * and its internal date. When the mailbox is gone it goes into the one that has its name, which
   * is made if need be. Whatever was brought back is not found again.
   *
   * @return what was brought back
   */
  List<Found> restore(Wanted wanted) throws StoreException;
}
