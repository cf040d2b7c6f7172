package dev.postrider.server.main;

import dev.postrider.server.config.ServerConfig;
import dev.postrider.storage.StoreException;

/** Opens the store of a server that does not run, for one request. */
final class OfflineStore {

  private OfflineStore() {}

  @SuppressWarnings("DoNotCallSuggester")
  static <T> T with(ServerConfig config, AdminAccess.Offline.Work<T> work) throws StoreException {
    throw new Refusal(
        ExitCode.UNAVAILABLE, "no server runs on " + config.dataDirectory() + "; start it first");
  }
}
