package dev.postrider.server.admin;

import dev.postrider.protocol.address.MailAddress;

/**
 * Asks that the connection become a transfer of mail.
 *
 * @param filing whether mail comes in; only one such transfer of an account goes on at a time
 * @param dryRun whether nothing is to be changed
 */
public record TransferRequest(MailAddress account, boolean filing, boolean dryRun) {}
