package dev.postrider.storage;

import dev.postrider.storage.objects.ObjectStore;
import dev.postrider.storage.objects.S3ObjectStore;
import dev.postrider.storage.objects.S3Settings;
import dev.postrider.storage.sql.PostgresAddress;
import dev.postrider.testkit.objects.S3Server;
import dev.postrider.testkit.postgres.Database;
import dev.postrider.testkit.postgres.PostgresServer;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;

/** Every store that there is: what a contract says holds for each of them. */
enum StoreKind {
  LOCAL {
    @Override
    Store open(Path directory, InstantSource clock) throws StoreException {
      return LocalStore.open(directory, clock, StoreFixture.settings());
    }

    @Override
    StorePlace place(Path directory) {
      return new StorePlace.Local(directory);
    }
  },

  POSTGRESQL {
    @Override
    Store open(Path directory, InstantSource clock) throws StoreException {
      return SharedStore.open(settings(directory, database(directory)), clock);
    }

    @Override
    StorePlace place(Path directory) {
      return new StorePlace.Shared(settings(directory, database(directory)));
    }
  },

  /** Bodies elsewhere. */
  POSTGRESQL_AND_S3 {
    @Override
    Store open(Path directory, InstantSource clock) throws StoreException {
      return SharedStore.open(
          settings(directory, database(directory)).withObjects(objects(bucket(directory))), clock);
    }

    @Override
    StorePlace place(Path directory) {
      return new StorePlace.Shared(
          settings(directory, database(directory)).withObjects(objects(bucket(directory))));
    }
  };

  /** Whoever opens a directory again finds the same database. */
  private static final Map<Path, Database> DATABASES = new ConcurrentHashMap<>();

  private static final Map<Path, String> BUCKETS = new ConcurrentHashMap<>();

  abstract Store open(Path directory, InstantSource clock) throws StoreException;

  /** The same, closed. */
  abstract StorePlace place(Path directory);

  static Database database(Path directory) {
    return DATABASES.computeIfAbsent(
        directory,
        none -> {
          try {
            return PostgresServer.shared().newDatabase();
          } catch (IOException e) {
            throw new UncheckedIOException(e);
          }
        });
  }

  private static String bucket(Path directory) {
    return BUCKETS.computeIfAbsent(
        directory,
        none -> {
          try {
            return S3Server.shared().newBucket();
          } catch (IOException e) {
            throw new UncheckedIOException(e);
          }
        });
  }

  static ObjectStore objects(String bucket) {
    S3Server server = S3Server.shared();
    return new S3ObjectStore(
        new S3Settings(
            Optional.of(server.endpoint()),
            server.region(),
            bucket,
            "mail/",
            true,
            Optional.of(new S3Settings.AccessKey("id", "secret")),
            S3Settings.Limits.DEFAULTS));
  }

  static SharedSettings settings(Path directory, Database database) {
    return SharedSettings.of(
        directory,
        new PostgresAddress(
            "jdbc:postgresql://%s:%d/%s"
                .formatted(database.host(), database.port(), database.name()),
            database.user(),
            Optional.of(database.password())));
  }
}
