package dev.postrider.server.net;

import com.google.inject.AbstractModule;
import com.google.inject.Provides;
import com.google.inject.Singleton;
import dev.postrider.server.config.ServerConfig;
import java.time.InstantSource;

/**
 * Binds {@link TlsContext} (loaded, or made, on first use) and {@link Listeners}. Needs {@link
 * ServerConfig} and {@link InstantSource}. Whoever starts the server calls {@link Listeners#open}
 * for each address and {@link Listeners#stop} at the end.
 */
public final class NetModule extends AbstractModule {

  @Provides
  @Singleton
  TlsContext tlsContext(ServerConfig config, InstantSource clock) throws TlsConfigException {
    return TlsContext.load(config.tls(), config.dataDirectory(), config.hostname(), clock);
  }

  @Provides
  @Singleton
  Listeners listeners(ServerConfig config, TlsContext tls, InstantSource clock) {
    return new Listeners(config.limits(), tls, clock);
  }
}
