package dev.postrider.server.delivery;

import dev.postrider.storage.accounts.Account;
import dev.postrider.storage.mailboxes.MailboxId;

/** Where a recipient's mail goes. */
public sealed interface Route {

  /** Into a mailbox here. */
  record Local(Account account, MailboxId mailbox) implements Route {}

  /** To another server: the domain is none of ours. */
  record Remote() implements Route {}

  /** Nowhere: the domain is ours, and nobody there has that name. */
  record Unknown() implements Route {}
}
