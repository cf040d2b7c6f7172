package dev.postrider.storage.power;

import dev.postrider.storage.messages.FlagChange;
import dev.postrider.storage.messages.Flags;
import java.time.Instant;

/** Something a worker does to its own account; the smallest thing that happens wholly or not. */
sealed interface Deed {

  /** The account, and a second one that only the worker knows. */
  record CreateAccount(String credential) implements Deed {}

  record ChangeCredential(String credential) implements Deed {}

  record CreateExtraAccount(String credential) implements Deed {}

  record RemoveExtraAccount() implements Deed {}

  /** Local delivery or APPEND. */
  record Deposit(String box, long seed, Flags flags) implements Deed {}

  /**
   * One message for INBOX, the mailbox that all workers share, and two remote recipients whose
   * names begin with {@code recipient}.
   */
  record Deliver(long seed, String recipient) implements Deed {}

  record ChangeFlags(String box, long first, long last, FlagChange change) implements Deed {}

  record Expunge(String box, long first, long last) implements Deed {}

  record Copy(String from, long first, long last, String to) implements Deed {}

  record Move(String from, long first, long last, String to) implements Deed {}

  /** REPLACE: one message goes, marked or not, and another one comes. */
  record Replace(String from, long uid, String to, long seed, Flags flags) implements Deed {}

  record CreateBox(String name) implements Deed {}

  record RenameBox(String from, String to) implements Deed {}

  record DeleteBox(String name) implements Deed {}

  record Subscribe(String name) implements Deed {}

  record Unsubscribe(String name) implements Deed {}

  /**
   * Others may do this with a box from now on.
   *
   * @param extra whether the second account may, else anyone
   * @param letters of the rights; empty: nothing any more
   */
  record Grant(String box, boolean extra, String letters) implements Deed {}

  /** A shared annotation of a box; empty: none any more. */
  record Annotate(String box, String text) implements Deed {}

  record Defer(String recipient, Instant next, String reply, boolean delayNoticed)
      implements Deed {}

  /** Failed for good: the entry goes, and a notice of it comes into INBOX. */
  record Bounce(String recipient, long noticeSeed) implements Deed {}

  record Settle(String recipient) implements Deed {}
}
