package dev.postrider.server.config;

import dev.postrider.protocol.sasl.SaslMechanism;
import dev.postrider.protocol.sasl.ScramHash;
import java.nio.file.Path;
import java.util.EnumSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * How people log in.
 *
 * @param mechanisms that are offered, best first; empty: all that every account can use
 * @param secretFile of which the salts of names without an account are made; empty: one in the data
 *     directory
 * @param oauth whose tokens let somebody in; empty: nobody's
 */
public record AuthConfig(
    Optional<List<SaslMechanism>> mechanisms,
    Optional<Path> secretFile,
    Optional<OAuthConfig> oauth) {

  public static final AuthConfig DEFAULTS = new AuthConfig(Optional.empty(), Optional.empty());

  /** Without tokens. */
  public AuthConfig(Optional<List<SaslMechanism>> mechanisms, Optional<Path> secretFile) {
    this(mechanisms, secretFile, Optional.empty());
  }

  public AuthConfig {
    mechanisms = mechanisms.map(List::copyOf);
  }

  /** What keys of SCRAM are made for. */
  public Set<ScramHash> scram() {
    EnumSet<ScramHash> wanted = EnumSet.noneOf(ScramHash.class);
    for (SaslMechanism one : mechanisms.orElseGet(() -> List.of(SaslMechanism.values()))) {
      one.scram().ifPresent(wanted::add);
    }
    return wanted;
  }
}
