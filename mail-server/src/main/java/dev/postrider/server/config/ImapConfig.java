package dev.postrider.server.config;

import dev.postrider.protocol.imap.Extension;
import java.util.Set;

/**
 * How IMAP is spoken.
 *
 * @param without extensions that no client may use
 */
public record ImapConfig(Set<Extension> without) {

  public static final ImapConfig DEFAULTS = new ImapConfig(Set.of());

  public ImapConfig {
    without = Set.copyOf(without);
  }
}
