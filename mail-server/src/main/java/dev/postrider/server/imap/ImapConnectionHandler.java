package dev.postrider.server.imap;

import dev.postrider.server.auth.Authenticator;
import dev.postrider.server.config.ServerConfig;
import dev.postrider.server.net.Connection;
import dev.postrider.server.net.ConnectionHandler;
import dev.postrider.storage.Store;
import jakarta.inject.Inject;
import java.time.InstantSource;

/** Speaks IMAP on the connections of both listeners, with TLS from the start or by STARTTLS. */
public final class ImapConnectionHandler implements ConnectionHandler {

  private final ImapServices services;

  @Inject
  public ImapConnectionHandler(
      ServerConfig config, Store store, Authenticator authenticator, InstantSource clock) {
    this.services = new ImapServices(config, store, authenticator, clock);
  }

  @Override
  public void serve(Connection connection, Drain drain) {
    new ImapSession(services, connection, drain).run();
  }

  /** Deflaters in use now. */
  int deflatersLent() {
    return services.deflaters().lent();
  }
}
