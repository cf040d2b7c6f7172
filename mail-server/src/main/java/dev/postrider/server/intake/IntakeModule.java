package dev.postrider.server.intake;

import com.google.inject.AbstractModule;
import com.google.inject.Provides;
import com.google.inject.Singleton;
import dev.postrider.server.delivery.Router;
import dev.postrider.storage.Store;
import java.time.InstantSource;

/**
 * Binds {@link Intake}. Needs {@link Router} (delivery.DeliveryModule), {@link Store} and {@link
 * InstantSource}.
 */
public final class IntakeModule extends AbstractModule {

  @Provides
  @Singleton
  Intake intake(Router router, Store store, InstantSource clock) {
    return new MailIntake(router, store, clock);
  }
}
