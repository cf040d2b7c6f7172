package dev.postrider.server.config;

import dev.postrider.storage.accounts.Quota;
import java.time.Duration;
import java.util.Optional;

/**
 * How mail is kept.
 *
 * @param undelete how long a message can be brought back after it was expunged
 * @param compress whether messages in the data directory are packed
 * @param quota of accounts that have none of their own
 * @param shared empty: in the data directory
 */
public record StoreConfig(
    Duration undelete, boolean compress, Quota quota, Optional<SharedStoreConfig> shared) {

  public static final StoreConfig DEFAULTS =
      new StoreConfig(Duration.ofDays(14), false, Quota.UNLIMITED, Optional.empty());
}
