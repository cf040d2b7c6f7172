package dev.postrider.server.main;

import dev.postrider.server.config.DatabaseConfig;
import dev.postrider.server.config.ServerConfig;
import dev.postrider.server.config.SharedStoreConfig;
import dev.postrider.storage.LocalStore;
import dev.postrider.storage.SharedSettings;
import dev.postrider.storage.SharedStore;
import dev.postrider.storage.Store;
import dev.postrider.storage.StoreException;
import dev.postrider.storage.StoreException.Kind;
import dev.postrider.storage.StorePlace;
import dev.postrider.storage.StoreSettings;
import dev.postrider.storage.objects.ObjectStore;
import dev.postrider.storage.objects.ObjectStoreException;
import dev.postrider.storage.objects.S3ObjectStore;
import java.io.IOException;
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
    return switch (place(config)) {
      case StorePlace.Local local ->
          LocalStore.open(
              local.directory(),
              clock,
              StoreSettings.defaults()
                  .withUndelete(config.store().undelete())
                  .withCompress(config.store().compress())
                  .withQuota(config.store().quota())
                  .withOnFatal(onFatal));
      case StorePlace.Shared shared -> openShared(shared.settings(), clock);
    };
  }

  /** Where the configuration has the store. A bucket was looked at, and can be used. */
  static StorePlace place(ServerConfig config) throws StoreException {
    return config.store().shared().isPresent()
        ? new StorePlace.Shared(settings(config, config.store().shared().get()))
        : new StorePlace.Local(config.dataDirectory());
  }

  private static SharedSettings settings(ServerConfig config, SharedStoreConfig shared)
      throws StoreException {
    DatabaseConfig database = shared.database();
    SharedSettings settings =
        SharedSettings.of(
                config.dataDirectory(), database.jdbcUrl(), database.user(), database.password())
            .withUndelete(config.store().undelete())
            .withQuota(config.store().quota())
            .withConnections(shared.connectionsMax());
    if (shared.objects().isEmpty()) {
      return settings;
    }
    ObjectStore objects = new S3ObjectStore(shared.objects().get());
    try {
      objects.requireUsable();
      return settings.withObjects(objects);
    } catch (IOException e) {
      objects.close();
      throw new StoreException(kind(e), String.valueOf(e.getMessage()), e);
    }
  }

  private static Kind kind(IOException failure) {
    return failure instanceof ObjectStoreException objects
        ? switch (objects.kind()) {
          case MISSING, REFUSED -> Kind.UNUSABLE;
          case NO_SPACE -> Kind.NO_SPACE;
          case UNREACHABLE -> Kind.UNAVAILABLE;
        }
        : Kind.UNUSABLE;
  }

  private static Store openShared(SharedSettings settings, Clock clock) throws StoreException {
    try {
      return SharedStore.open(settings, clock);
    } catch (StoreException e) {
      settings.objects().ifPresent(ObjectStore::close);
      throw e;
    }
  }

  /** For what can be done in a data directory alone. */
  static void requireLocal(ServerConfig config, String instead) {
    config
        .store()
        .shared()
        .ifPresent(
            shared -> {
              throw new Refusal(
                  ExitCode.DATA,
                  "mail is in " + shared.database() + ", by [store] url: " + instead);
            });
  }
}
