package dev.postrider.server.main;

import dev.postrider.server.admin.StoreAdministration;
import dev.postrider.server.config.ServerConfig;
import dev.postrider.storage.Store;
import dev.postrider.storage.StoreException;
import java.time.Clock;
import java.util.Map;

/** Opens the store of a server that does not run, for one request. */
final class OfflineStore {

  private OfflineStore() {}

  static <T> T with(ServerConfig config, AdminAccess.Offline.Work<T> work) throws StoreException {
    Clock clock = Clock.systemUTC();
    try (Store store = Stores.open(config, clock, failure -> {})) {
      return work.on(
          new StoreAdministration(
              store,
              config.domains(),
              clock,
              () -> Map.of("server", "not running", "data", config.dataDirectory().toString())));
    }
  }
}
