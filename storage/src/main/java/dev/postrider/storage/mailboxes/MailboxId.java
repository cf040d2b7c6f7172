package dev.postrider.storage.mailboxes;

/** Number of a mailbox, from 1, never used twice; it stays when the mailbox is renamed. */
public record MailboxId(long value) {}
