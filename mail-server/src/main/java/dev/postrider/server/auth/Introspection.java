package dev.postrider.server.auth;

import dev.postrider.server.config.OAuthConfig;
import dev.postrider.server.http.Fetch;
import java.io.IOException;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Arrays;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Semaphore;
import org.jose4j.json.JsonUtil;
import org.jose4j.lang.JoseException;
import org.jspecify.annotations.Nullable;

/** Asks the issuer about tokens. RFC 7662. Threads: any; so many at once wait for an answer. */
final class Introspection {

  /** Questions at one time; more logins are told to come again. */
  private static final int QUESTIONS_MAX = 32;

  private final OAuthConfig config;
  private final OAuthConfig.Introspection whom;
  private final Fetch fetch;
  private final InstantSource clock;
  private final Semaphore questions = new Semaphore(QUESTIONS_MAX);

  Introspection(
      OAuthConfig config, OAuthConfig.Introspection whom, Fetch fetch, InstantSource clock) {
    this.config = config;
    this.whom = whom;
    this.fetch = fetch;
    this.clock = clock;
  }

  TokenVerdict check(String token) {
    if (!questions.tryAcquire()) {
      return new TokenVerdict.Unknown("too many tokens are being asked about");
    }
    try {
      return judge(JsonUtil.parseJson(fetch.post(whom.address(), form(token), authorization())));
    } catch (IOException | JoseException e) {
      return new TokenVerdict.Unknown("no answer about it: " + e.getMessage());
    } finally {
      questions.release();
    }
  }

  /** RFC 7662 section 2.2: what the answer says besides "active" holds only if it says so. */
  private TokenVerdict judge(Map<String, Object> answer) {
    if (!Boolean.TRUE.equals(answer.get("active"))) {
      return new TokenVerdict.Bad("its issuer says that it is not active");
    }
    Instant now = clock.instant();
    if (answer.get("exp") instanceof Number end
        && !now.isBefore(instant(end).plus(SignedTokens.SKEW))) {
      return new TokenVerdict.Bad("it is expired");
    }
    if (answer.get("nbf") instanceof Number start
        && now.isBefore(instant(start).minus(SignedTokens.SKEW))) {
      return new TokenVerdict.Bad("it is not valid yet");
    }
    boolean otherIssuer =
        config.issuer().isPresent()
            && answer.containsKey("iss")
            && !config.issuer().get().equals(answer.get("iss"));
    if (otherIssuer) {
      return new TokenVerdict.Bad("it is of another issuer");
    }
    return isForUs(answer.get("aud"))
        ? new TokenVerdict.Good(answer)
        : new TokenVerdict.Bad("it is for another audience");
  }

  /** Where audiences were set, one of them must be named: a token of another service is none. */
  private boolean isForUs(@Nullable Object audience) {
    List<?> named = audience instanceof List<?> several ? several : Arrays.asList(audience);
    return config.audiences().isEmpty() || config.audiences().stream().anyMatch(named::contains);
  }

  private static Instant instant(Number seconds) {
    long bounded = Math.clamp(seconds.longValue(), 0, Duration.ofDays(365_000).toSeconds());
    return Instant.ofEpochSecond(bounded);
  }

  private static String form(String token) {
    return "token="
        + URLEncoder.encode(token, StandardCharsets.UTF_8)
        + "&token_type_hint=access_token";
  }

  /** RFC 6749 section 2.3.1. */
  private String authorization() {
    String pair =
        URLEncoder.encode(whom.clientId(), StandardCharsets.UTF_8)
            + ":"
            + URLEncoder.encode(whom.secret(), StandardCharsets.UTF_8);
    return "Basic " + Base64.getEncoder().encodeToString(pair.getBytes(StandardCharsets.UTF_8));
  }
}
