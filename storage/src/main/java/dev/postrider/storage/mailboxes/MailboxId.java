package dev.postrider.storage.mailboxes;

/** Number of a mailbox, from 1, never used twice; it stays when the mailbox is renamed. */
public record MailboxId(long value) {

  /** So that a mailbox and a UID fit one positive {@code long}, the key of a message row. */
  public static final long MAX = Integer.MAX_VALUE;
}
