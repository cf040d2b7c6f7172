package dev.postrider.storage.mailboxes;

import dev.postrider.storage.messages.ModSeq;
import dev.postrider.storage.messages.Uid;

/**
 * The numbers of a mailbox at one moment. RFC 3501 section 6.3.10, RFC 7162 section 3.1.2.
 *
 * @param octets sum of the sizes of its messages
 * @param deletedOctets of those of them that are marked as deleted
 */
public record MailboxStatus(
    int messages,
    int unseen,
    int recent,
    int deleted,
    Uid uidNext,
    long uidValidity,
    ModSeq highestModSeq,
    long octets,
    long deletedOctets) {}
