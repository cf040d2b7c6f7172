package dev.postrider.server.imap;

import com.google.inject.AbstractModule;
import com.google.inject.Singleton;

/**
 * Binds {@link ImapConnectionHandler}. Needs {@code ServerConfig}, {@code Store}, {@code
 * Authenticator} and {@code InstantSource}.
 */
public final class ImapModule extends AbstractModule {

  @Override
  protected void configure() {
    bind(ImapConnectionHandler.class).in(Singleton.class);
  }
}
