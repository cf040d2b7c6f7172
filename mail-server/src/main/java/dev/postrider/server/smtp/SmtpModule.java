package dev.postrider.server.smtp;

import com.google.inject.AbstractModule;
import com.google.inject.Provides;
import com.google.inject.Singleton;
import dev.postrider.server.auth.Authenticator;
import dev.postrider.server.config.ServerConfig;
import dev.postrider.server.intake.Intake;
import dev.postrider.server.policy.Policy;
import dev.postrider.storage.Store;
import java.time.InstantSource;

/**
 * Binds {@link SmtpHandlers}. Needs {@link Intake} (intake.IntakeModule, delivery.DeliveryModule),
 * {@link Authenticator} (auth.AuthModule), {@link Policy} (policy.PolicyModule), {@link Store},
 * {@link ServerConfig} and {@link InstantSource}.
 */
public final class SmtpModule extends AbstractModule {

  @Provides
  @Singleton
  SmtpHandlers smtpHandlers(
      ServerConfig config,
      Intake intake,
      Authenticator authenticator,
      Store store,
      Policy policy,
      InstantSource clock) {
    return new SmtpHandlers(config, intake, authenticator, store.spool(), policy, clock);
  }
}
