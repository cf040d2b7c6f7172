package dev.postrider.server.delivery;

import com.google.inject.AbstractModule;
import com.google.inject.Provides;
import com.google.inject.Singleton;
import dev.postrider.server.config.ServerConfig;
import dev.postrider.storage.Store;

/** Binds {@link Router}. Needs {@link Store} and {@link ServerConfig}. */
public final class DeliveryModule extends AbstractModule {

  @Provides
  @Singleton
  Router router(ServerConfig config, Store store) {
    return new Router(config.domains(), store);
  }
}
