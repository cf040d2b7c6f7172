package dev.postrider.server.main;

import com.google.inject.AbstractModule;
import com.google.inject.Module;
import dev.postrider.server.auth.AuthModule;
import dev.postrider.server.config.ServerConfig;
import dev.postrider.server.delivery.DeliveryModule;
import dev.postrider.server.dns.DnsModule;
import dev.postrider.server.imap.ImapModule;
import dev.postrider.server.intake.IntakeModule;
import dev.postrider.server.net.NetModule;
import dev.postrider.server.policy.PolicyModule;
import dev.postrider.server.relay.RelayModule;
import dev.postrider.server.smtp.SmtpModule;
import dev.postrider.storage.Store;
import java.time.Clock;
import java.time.InstantSource;
import java.util.List;

/** The table of contents of the running server. */
final class ServerModules {

  private ServerModules() {}

  static List<Module> of(ServerConfig config, Store store, Clock clock) {
    return List.of(
        new GivenModule(config, store, clock),
        new NetModule(),
        new AuthModule(),
        new PolicyModule(),
        new DeliveryModule(),
        new IntakeModule(),
        new SmtpModule(),
        new ImapModule(),
        new DnsModule(),
        new RelayModule());
  }

  /** What is there before anything is bound, and the rules for all bindings. */
  private static final class GivenModule extends AbstractModule {
    private final ServerConfig config;
    private final Store store;
    private final Clock clock;

    GivenModule(ServerConfig config, Store store, Clock clock) {
      this.config = config;
      this.store = store;
      this.clock = clock;
    }

    @Override
    protected void configure() {
      binder().requireExplicitBindings();
      binder().requireAtInjectOnConstructors();
      binder().requireExactBindingAnnotations();
      bind(ServerConfig.class).toInstance(config);
      bind(Store.class).toInstance(store);
      bind(Clock.class).toInstance(clock);
      bind(InstantSource.class).toInstance(clock);
      bind(Handlers.class);
    }
  }
}
