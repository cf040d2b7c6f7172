package dev.postrider.server.config;

import java.time.Duration;
import java.util.Optional;

/**
 * How mail is kept.
 *
 * @param undelete how long a message can be brought back after it was expunged
 * @param compress whether messages in the data directory are packed
 * @param shared empty: in the data directory
 */
public record StoreConfig(Duration undelete, boolean compress, Optional<SharedStoreConfig> shared) {

  public static final StoreConfig DEFAULTS =
      new StoreConfig(Duration.ofDays(14), false, Optional.empty());
}
