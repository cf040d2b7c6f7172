package dev.postrider.storage;

import dev.postrider.storage.messages.Bodies;
import dev.postrider.storage.objects.ObjectStore;
import dev.postrider.storage.sql.Database;
import dev.postrider.storage.sql.PostgresDatabase;
import java.time.InstantSource;

/** A store that is read, and nobody serves. */
record MigrationSource(StorePlace place, Database database, Bodies bodies, Closing held)
    implements AutoCloseable {

  static MigrationSource open(StorePlace place, InstantSource clock) throws StoreException {
    return switch (place) {
      case StorePlace.Local local -> {
        LocalStore store = LocalStore.openPresent(local.directory(), clock);
        yield new MigrationSource(place, store.database(), store.bodies(), store::close);
      }
      case StorePlace.Shared shared -> {
        SharedSettings settings = shared.settings();
        PostgresDatabase.requireUnused(settings.database());
        PostgresDatabase database =
            PostgresDatabase.open(settings.database(), SharedSettings.CONNECTIONS_MIN);
        Bodies bodies = new Bodies(new SharedBodies(database, settings.objects()));
        yield new MigrationSource(
            place,
            database,
            bodies,
            () -> {
              database.close();
              settings.objects().ifPresent(ObjectStore::close);
            });
      }
    };
  }

  /** Gives back what is behind it. */
  @FunctionalInterface
  interface Closing {
    void close() throws StoreException;
  }

  @Override
  public void close() throws StoreException {
    held.close();
  }

  @Override
  public String toString() {
    return place.toString();
  }
}
