package dev.postrider.storage.mailboxes;

import dev.postrider.storage.messages.ModSeq;
import dev.postrider.storage.messages.Uid;

/** What is known of a mailbox without a look at its messages. */
public record MailboxCounts(long messages, Uid uidNext, long uidValidity, ModSeq highestModSeq) {}
