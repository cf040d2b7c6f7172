package dev.postrider.client.session;

import dev.postrider.client.accounts.Endpoint;

/**
 * Servers of an address.
 *
 * @param user the login name they want
 * @param origin who said so: a URL, {@code srv}, {@code guess} or {@code flags}
 */
public record Discovered(Endpoint imap, Endpoint smtp, String user, String origin) {}
