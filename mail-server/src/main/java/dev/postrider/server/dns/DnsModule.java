package dev.postrider.server.dns;

import com.google.inject.AbstractModule;
import com.google.inject.Provides;
import com.google.inject.Singleton;
import dev.postrider.server.config.ServerConfig;
import java.security.SecureRandom;

/** Binds {@link Dns}. Others bind ServerConfig. */
public final class DnsModule extends AbstractModule {

  @Provides
  @Singleton
  Dns dns(ServerConfig config) {
    return new ResolverDns(config.dns(), new SecureRandom());
  }
}
