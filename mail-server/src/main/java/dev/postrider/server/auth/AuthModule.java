package dev.postrider.server.auth;

import com.google.inject.AbstractModule;
import com.google.inject.Provides;
import com.google.inject.Singleton;
import dev.postrider.server.config.ServerConfig;
import dev.postrider.storage.Store;
import java.time.InstantSource;

/**
 * Binds {@link Authenticator}. Needs {@link Store}, {@link ServerConfig}, {@link InstantSource}.
 */
public final class AuthModule extends AbstractModule {

  @Provides
  @Singleton
  Authenticator authenticator(Store store, ServerConfig config, InstantSource clock) {
    return new AccountAuthenticator(store.accounts(), config.domains(), config.limits(), clock);
  }
}
