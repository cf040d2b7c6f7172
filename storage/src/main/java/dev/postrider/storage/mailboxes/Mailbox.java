package dev.postrider.storage.mailboxes;

import dev.postrider.storage.accounts.AccountId;
import java.util.Optional;

/**
 * A mailbox, at one moment.
 *
 * @param name Unicode, levels separated by {@link Mailboxes#SEPARATOR}; the inbox is "INBOX"
 * @param uidValidity 1 to 4294967295. RFC 3501 section 2.3.1.1
 */
public record Mailbox(
    MailboxId id,
    AccountId account,
    String name,
    long uidValidity,
    Optional<SpecialUse> specialUse,
    boolean subscribed) {}
