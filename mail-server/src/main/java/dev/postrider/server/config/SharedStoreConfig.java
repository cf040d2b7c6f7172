package dev.postrider.server.config;

import dev.postrider.storage.objects.S3Settings;
import java.util.Optional;

/**
 * A store that several servers may share.
 *
 * @param connectionsMax to the database at one time
 * @param objects where bytes of messages go; empty: into the database
 */
public record SharedStoreConfig(
    DatabaseConfig database, int connectionsMax, Optional<S3Settings> objects) {

  static final int CONNECTIONS_DEFAULT = 20;

  /** Where bytes of messages go. */
  enum Bodies {
    DATABASE,
    S3
  }
}
