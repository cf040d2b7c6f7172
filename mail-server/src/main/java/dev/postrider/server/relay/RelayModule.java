package dev.postrider.server.relay;

import com.google.inject.AbstractModule;
import com.google.inject.Singleton;

/**
 * Binds {@link Courier}. Others bind what it needs: ServerConfig, Store, Intake, Dns,
 * InstantSource.
 */
public final class RelayModule extends AbstractModule {

  @Override
  protected void configure() {
    bind(Courier.class).in(Singleton.class);
  }
}
