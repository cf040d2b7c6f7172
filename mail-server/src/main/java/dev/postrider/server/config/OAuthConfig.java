package dev.postrider.server.config;

import java.net.URI;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/**
 * Whose tokens let somebody in.
 *
 * @param issuer that a token must name; given with keys
 * @param audiences of which a token must name one; given with keys
 * @param keysAddress where the issuer's keys are
 * @param keysFile the same as a file; at most one of the two
 * @param introspection whom to ask about tokens that are not looked at by keys
 * @param accountClaim the name under which a token has the address of its account
 * @param scope that a token must have; empty: none
 */
public record OAuthConfig(
    Optional<String> issuer,
    List<String> audiences,
    Optional<URI> keysAddress,
    Optional<Path> keysFile,
    Optional<Introspection> introspection,
    String accountClaim,
    Optional<String> scope) {

  public OAuthConfig {
    audiences = List.copyOf(audiences);
  }

  /** Whether tokens are looked at here, by the keys of their issuer. */
  public boolean hasKeys() {
    return keysAddress.isPresent() || keysFile.isPresent();
  }

  /** RFC 7662. */
  public record Introspection(URI address, String clientId, String secret) {
    /** Without the secret. */
    @Override
    public String toString() {
      return "Introspection[" + address + "]";
    }
  }
}
