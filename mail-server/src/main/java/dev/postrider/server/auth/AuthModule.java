package dev.postrider.server.auth;

import com.google.inject.AbstractModule;
import com.google.inject.Provides;
import com.google.inject.Singleton;
import dev.postrider.server.config.ServerConfig;
import dev.postrider.storage.Store;
import java.io.IOException;
import java.nio.file.Path;
import java.time.InstantSource;

/**
 * Binds {@link Authenticator}. Needs {@link Store}, {@link ServerConfig}, {@link InstantSource}.
 */
public final class AuthModule extends AbstractModule {

  @Provides
  @Singleton
  Authenticator authenticator(Store store, ServerConfig config, InstantSource clock)
      throws IOException {
    Path secret =
        config.auth().secretFile().orElseGet(() -> config.dataDirectory().resolve(Strangers.FILE));
    return new AccountAuthenticator(
        store.accounts(),
        config.domains(),
        config.limits(),
        config.auth(),
        Strangers.readOrMake(secret),
        clock);
  }
}
