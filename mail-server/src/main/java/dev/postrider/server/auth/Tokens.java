package dev.postrider.server.auth;

import dev.postrider.server.config.OAuthConfig;
import dev.postrider.server.http.Fetch;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Tokens in the place of passwords: by the keys of their issuer, or by asking it. The claim that
 * names an account is read once a token is known to be good. Threads: any.
 */
final class Tokens {

  /** How long a login waits for the issuer. */
  static final Duration ANSWER_TIME_MAX = Duration.ofSeconds(10);

  private static final String EMAIL = "email";

  private final OAuthConfig config;
  private final Optional<SignedTokens> signed;
  private final Optional<Introspection> introspection;

  Tokens(OAuthConfig config, Fetch fetch, InstantSource clock) {
    this.config = config;
    this.signed =
        config.hasKeys()
            ? Optional.of(new SignedTokens(config, new IssuerKeys(config, fetch, clock), clock))
            : Optional.empty();
    this.introspection =
        config.introspection().map(whom -> new Introspection(config, whom, fetch, clock));
  }

  /** Whether it is good, and has the scope that is wanted. */
  TokenVerdict check(String token) {
    if (token.isEmpty()) {
      return new TokenVerdict.Bad("there is none");
    }
    boolean here = signed.isPresent() && SignedTokens.looksLikeOne(token);
    TokenVerdict verdict =
        here
            ? signed.get().check(token)
            : introspection
                .map(asked -> asked.check(token))
                .orElseGet(() -> new TokenVerdict.Bad("it is not signed"));
    return verdict instanceof TokenVerdict.Good good && !hasScope(good.claims())
        ? new TokenVerdict.Bad("it has not the scope " + config.scope().orElse(""))
        : verdict;
  }

  /**
   * The address in the claim that names an account; empty when it names none, or one that the
   * issuer has not seen to. Some issuers write "false" as a word.
   */
  Optional<String> account(Map<String, Object> claims) {
    boolean doubted =
        config.accountClaim().equals(EMAIL)
            && String.valueOf(claims.get("email_verified")).equals("false");
    return claims.get(config.accountClaim()) instanceof String name && !doubted
        ? Optional.of(name)
        : Optional.empty();
  }

  /** What a client is told that has no good token. RFC 7628 section 3.2.2. */
  Authenticator.TokenHint hint() {
    return new Authenticator.TokenHint(
        config.scope(),
        config
            .issuer()
            .filter(issuer -> issuer.startsWith("https://"))
            .map(issuer -> issuer.replaceAll("/$", "") + "/.well-known/openid-configuration"));
  }

  /** RFC 8693 section 4.2: words with spaces between; some issuers make a list of them. */
  private boolean hasScope(Map<String, Object> claims) {
    if (config.scope().isEmpty()) {
      return true;
    }
    Object scopes = claims.getOrDefault("scope", claims.get("scp"));
    return switch (scopes) {
      case String words -> Arrays.asList(words.split(" ")).contains(config.scope().get());
      case List<?> words -> words.contains(config.scope().get());
      case null, default -> false;
    };
  }
}
