package dev.postrider.server.main;

import dev.postrider.server.admin.StoreAdministration;
import dev.postrider.server.config.ServerConfig;
import dev.postrider.storage.Store;
import dev.postrider.storage.StoreException;
import java.time.Clock;
import java.util.LinkedHashMap;
import java.util.Map;

/** Opens the store of a server that does not run, for one request. */
final class OfflineStore {

  private OfflineStore() {}

  static <T> T with(ServerConfig config, AdminAccess.Offline.Work<T> work) throws StoreException {
    Clock clock = Clock.systemUTC();
    try (Store store = Stores.open(config, clock, failure -> {})) {
      return work.on(
          new StoreAdministration(
              store, config.domains(), config.auth().scram(), clock, () -> status(config)));
    }
  }

  private static Map<String, String> status(ServerConfig config) {
    Map<String, String> facts = new LinkedHashMap<>();
    facts.put("server", "not running");
    facts.put("version", Version.number());
    facts.put("data", config.dataDirectory().toString());
    return facts;
  }
}
