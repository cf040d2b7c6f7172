package dev.postrider.storage.mailboxes;

import dev.postrider.storage.accounts.AccountId;
import java.util.Optional;

/**
 * Whom an entry of an access list is about.
 *
 * @param account empty: everybody who has an account here
 * @param negative whether rights are taken from them that they have by other entries. RFC 4314
 *     section 2
 */
public record Grantee(Optional<AccountId> account, boolean negative) {

  public static Grantee anyone() {
    return new Grantee(Optional.empty(), false);
  }

  public static Grantee of(AccountId account) {
    return new Grantee(Optional.of(account), false);
  }

  /** The same people, from whom rights are taken. */
  public Grantee negated() {
    return new Grantee(account, true);
  }
}
