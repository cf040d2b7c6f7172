package dev.postrider.storage.accounts;

import dev.postrider.storage.StoreException;

/**
 * What accounts use, and may use. Whatever is added to a mailbox counts for its owner; mail that
 * was expunged does not count, also while it can be brought back.
 *
 * <p>A commit that would bring an account above a limit is refused with OVER_QUOTA, whole. That is
 * decided where numbers are given, one commit after the other, so it is exact however many come at
 * once. What makes an account use less, or the same, goes also above a limit.
 */
public interface Quotas {

  /** What the account uses now; counted by mailbox, not by message. */
  Quota.Usage usage(AccountId account) throws StoreException;

  /** What holds for the account: its own limits, and the default ones for the rest. */
  Quota limits(Account account);

  /** Gives the account limits of its own, above or below what it uses. Throws NOT_FOUND. */
  void change(AccountId account, Quota own) throws StoreException;
}
