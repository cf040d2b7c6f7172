package dev.postrider.server.config;

import java.time.Duration;

/**
 * How mail is kept.
 *
 * @param undelete how long a message can be brought back after it was expunged
 */
public record StoreConfig(Duration undelete) {

  public static final StoreConfig DEFAULTS = new StoreConfig(Duration.ofDays(14));
}
