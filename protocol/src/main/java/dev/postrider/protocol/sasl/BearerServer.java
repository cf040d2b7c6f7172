package dev.postrider.protocol.sasl;

import dev.postrider.protocol.sasl.SaslStep.Bearer;
import dev.postrider.protocol.sasl.SaslStep.Challenge;
import dev.postrider.protocol.sasl.SaslStep.Finished;
import dev.postrider.protocol.sasl.SaslStep.Reason;
import dev.postrider.protocol.sasl.SaslStep.Rejected;
import java.util.Locale;
import java.util.Optional;

/**
 * A token in the place of a password: OAUTHBEARER (RFC 7628), and Google's XOAUTH2, which was there
 * before it and has no standard.
 *
 * <p>The client shows a token: {@link Bearer}, and whoever runs the exchange has it checked. When
 * it is not taken, {@link #refused} tells the client why; it answers with something that means
 * nothing, {@link Finished}, and only then the exchange fails. RFC 7628 section 3.2.3.
 */
public final class BearerServer extends SaslServer {

  /** Between the parts of a response. */
  private static final String SEPARATOR = "\1";

  private static final String USER = "user=";
  private static final String AUTH = "auth=";
  private static final String BEARER = "bearer ";

  private static final String TOKEN_CHARACTERS =
      "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-._~+/=";

  private final boolean google;
  private boolean refused;

  /** {@code google}: XOAUTH2. */
  BearerServer(boolean google) {
    this.google = google;
  }

  @Override
  String firstChallenge() {
    return "";
  }

  @Override
  SaslStep respond(String response) {
    if (refused) {
      return new Finished();
    }
    return google ? named(response) : headed(response);
  }

  /**
   * After a {@link Bearer} that was not taken.
   *
   * @param status an error of RFC 6750 section 3.1, such as "invalid_token"
   * @param scope that a token needs, if it needs one
   * @param configuration where a client finds out how to get a token, if anywhere
   */
  public Challenge refused(String status, Optional<String> scope, Optional<String> configuration) {
    refused = true;
    StringBuilder json = new StringBuilder("{\"status\":\"").append(google ? "401" : status);
    if (google) {
      json.append("\",\"schemes\":\"bearer");
    }
    scope.ifPresent(wanted -> json.append("\",\"scope\":\"").append(wanted));
    configuration
        .filter(url -> !google)
        .ifPresent(url -> json.append("\",\"openid-configuration\":\"").append(url));
    return new Challenge(encode(json.append("\"}").toString()));
  }

  /** gs2-header kvsep *kvpair kvsep. RFC 7628 section 3.1. */
  private static SaslStep headed(String response) {
    int afterHeader = response.indexOf(SEPARATOR);
    if (response.equals(SEPARATOR)) {
      return new Bearer(Optional.empty(), "");
    }
    String[] header = response.substring(0, Math.max(0, afterHeader)).split(",", -1);
    boolean fine =
        header.length == 3
            && (header[0].equals("n") || header[0].equals("y"))
            && (header[1].isEmpty() || header[1].startsWith("a="))
            && header[2].isEmpty();
    if (!fine) {
      return malformed();
    }
    Optional<String> wanted =
        Optional.of(header[1]).filter(a -> !a.isEmpty()).map(BearerServer::name);
    if (wanted.filter(String::isEmpty).isPresent()) {
      return malformed();
    }
    return token(wanted, response.substring(afterHeader + 1));
  }

  /** What is behind {@code a=}; empty where it is no saslname. RFC 5801 section 4. */
  private static String name(String attribute) {
    return ScramServer.name(attribute).orElse("");
  }

  /** {@code user=} somebody, and then as above. */
  private static SaslStep named(String response) {
    int end = response.indexOf(SEPARATOR);
    if (!response.startsWith(USER) || end <= USER.length()) {
      return malformed();
    }
    return token(Optional.of(response.substring(USER.length(), end)), response.substring(end + 1));
  }

  /** Pairs that are not known are not looked at; without a token there is an empty one. */
  private static SaslStep token(Optional<String> wanted, String pairs) {
    if (!pairs.endsWith(SEPARATOR + SEPARATOR) && !pairs.equals(SEPARATOR)) {
      return malformed();
    }
    String token = "";
    for (String pair : pairs.substring(0, pairs.length() - 1).split(SEPARATOR)) {
      if (pair.startsWith(AUTH)) {
        String value = pair.substring(AUTH.length()).strip();
        boolean bearer = value.toLowerCase(Locale.ROOT).startsWith(BEARER);
        token = bearer ? value.substring(BEARER.length()).strip() : "";
      }
    }
    return isToken(token) ? new Bearer(wanted, token) : malformed();
  }

  /** RFC 6750 section 2.1. */
  private static boolean isToken(String token) {
    return token.chars().allMatch(c -> TOKEN_CHARACTERS.indexOf(c) >= 0);
  }

  private static Rejected malformed() {
    return new Rejected(Reason.MALFORMED);
  }
}
