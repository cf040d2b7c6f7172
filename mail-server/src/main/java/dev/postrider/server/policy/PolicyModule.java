package dev.postrider.server.policy;

import com.google.inject.AbstractModule;
import com.google.inject.Provides;
import com.google.inject.Singleton;

/** Binds {@link Policy}. Needs nothing. */
public final class PolicyModule extends AbstractModule {

  @Provides
  @Singleton
  Policy policy() {
    return new HeaderSanity();
  }
}
