package dev.postrider.server.main;

import dev.postrider.server.config.ServerConfig;
import dev.postrider.storage.LocalStore;
import dev.postrider.storage.Store;
import dev.postrider.storage.StoreException;
import dev.postrider.storage.StoreSettings;
import java.time.Clock;
import java.util.function.Consumer;

/** Opens the store that the configuration names. */
final class Stores {

  private Stores() {}

  /**
   * @param onFatal told, once, when nobody knows what is on the disk: the process is to end
   */
  static Store open(ServerConfig config, Clock clock, Consumer<StoreException> onFatal)
      throws StoreException {
    return LocalStore.open(
        config.dataDirectory(),
        clock,
        StoreSettings.defaults().withUndelete(config.store().undelete()).withOnFatal(onFatal));
  }
}
