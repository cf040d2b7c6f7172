package dev.postrider.server.imap;

import dev.postrider.protocol.address.MailAddress;
import dev.postrider.protocol.imap.Extension;
import dev.postrider.server.auth.Authenticator;
import dev.postrider.server.config.ServerConfig;
import dev.postrider.server.net.Deflaters;
import dev.postrider.storage.Store;
import java.time.InstantSource;
import java.util.Set;

/**
 * What all sessions share.
 *
 * @param spoken extensions that clients may use before the login
 * @param deflaters of compressed connections
 */
record ImapServices(
    ServerConfig config,
    Store store,
    Authenticator authenticator,
    InstantSource clock,
    Set<Extension> spoken,
    Deflaters deflaters) {

  ImapServices(ServerConfig config, Store store, Authenticator authenticator, InstantSource clock) {
    this(config, store, authenticator, clock, config.imap().spoken(), new Deflaters());
  }

  /** Extensions that the clients of {@code account} may use. */
  Set<Extension> spokenWith(MailAddress account) {
    return config.imap().withoutFor().isEmpty() ? spoken : config.imap().spokenWith(account);
  }
}
