package dev.postrider.server.auth;

import dev.postrider.server.config.OAuthConfig;
import java.io.IOException;
import java.security.Key;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import org.jose4j.jwa.AlgorithmConstraints;
import org.jose4j.jwa.AlgorithmConstraints.ConstraintType;
import org.jose4j.jwk.JsonWebKey;
import org.jose4j.jwk.VerificationJwkSelector;
import org.jose4j.jws.AlgorithmIdentifiers;
import org.jose4j.jws.JsonWebSignature;
import org.jose4j.jwt.NumericDate;
import org.jose4j.jwt.consumer.InvalidJwtException;
import org.jose4j.jwt.consumer.JwtConsumerBuilder;
import org.jose4j.lang.JoseException;
import org.jose4j.lang.UnresolvableKeyException;

/**
 * Tokens that are signed by their issuer. RFC 7515, RFC 7519; RFC 8725 section 3 says what is to be
 * looked at: the algorithm is one of ours and fits the key, issuer and audience are the ones that
 * were set, and the token has an end. Threads: any.
 */
final class SignedTokens {

  /** Clocks of issuers may be that much off. */
  static final Duration SKEW = Duration.ofSeconds(60);

  /** Signatures by keys of which only one half is public; none of "none", none by a password. */
  private static final AlgorithmConstraints ALGORITHMS =
      new AlgorithmConstraints(
          ConstraintType.PERMIT,
          AlgorithmIdentifiers.RSA_USING_SHA256,
          AlgorithmIdentifiers.RSA_USING_SHA384,
          AlgorithmIdentifiers.RSA_USING_SHA512,
          AlgorithmIdentifiers.RSA_PSS_USING_SHA256,
          AlgorithmIdentifiers.RSA_PSS_USING_SHA384,
          AlgorithmIdentifiers.RSA_PSS_USING_SHA512,
          AlgorithmIdentifiers.ECDSA_USING_P256_CURVE_AND_SHA256,
          AlgorithmIdentifiers.ECDSA_USING_P384_CURVE_AND_SHA384,
          AlgorithmIdentifiers.ECDSA_USING_P521_CURVE_AND_SHA512,
          AlgorithmIdentifiers.EDDSA);

  private final OAuthConfig config;
  private final IssuerKeys keys;
  private final InstantSource clock;

  SignedTokens(OAuthConfig config, IssuerKeys keys, InstantSource clock) {
    this.config = config;
    this.keys = keys;
    this.clock = clock;
  }

  /**
   * Three parts with dots between, of which the first begins as JSON does. RFC 7515 section 3.1.
   */
  static boolean looksLikeOne(String token) {
    return token.startsWith("eyJ") && token.chars().filter(c -> c == '.').count() == 2;
  }

  TokenVerdict check(String token) {
    List<JsonWebKey> known;
    try {
      known = keys.known();
    } catch (IOException e) {
      return new TokenVerdict.Unknown(String.valueOf(e.getMessage()));
    }
    try {
      return new TokenVerdict.Good(
          new JwtConsumerBuilder()
              .setJwsAlgorithmConstraints(ALGORITHMS)
              .setVerificationKeyResolver((signature, nesting) -> key(signature, known))
              .setExpectedIssuer(config.issuer().orElseThrow())
              .setExpectedAudience(config.audiences().toArray(String[]::new))
              .setRequireExpirationTime()
              .setAllowedClockSkewInSeconds((int) SKEW.toSeconds())
              .setEvaluationTime(NumericDate.fromSeconds(clock.instant().getEpochSecond()))
              .build()
              .processToClaims(token)
              .getClaimsMap());
    } catch (InvalidJwtException e) {
      // Its message holds the token; what was wrong with it is told without.
      return new TokenVerdict.Bad(
          e.getErrorDetails().isEmpty()
              ? "it cannot be read"
              : e.getErrorDetails().getFirst().getErrorMessage());
    }
  }

  private Key key(JsonWebSignature signature, List<JsonWebKey> known)
      throws UnresolvableKeyException {
    try {
      VerificationJwkSelector selector = new VerificationJwkSelector();
      JsonWebKey found = selector.select(signature, known);
      if (found == null && keys.refresh()) {
        found = selector.select(signature, keys.known());
      }
      if (found == null) {
        throw new UnresolvableKeyException("it is signed by a key that the issuer does not have");
      }
      return found.getKey();
    } catch (JoseException | IOException e) {
      throw new UnresolvableKeyException("no key can be had: " + e.getMessage(), e);
    }
  }
}
