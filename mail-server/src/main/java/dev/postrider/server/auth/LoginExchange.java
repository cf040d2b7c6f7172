package dev.postrider.server.auth;

import dev.postrider.protocol.sasl.BearerServer;
import dev.postrider.protocol.sasl.SaslMechanism;
import dev.postrider.protocol.sasl.SaslServer;
import dev.postrider.protocol.sasl.SaslStep;
import dev.postrider.protocol.sasl.ScramServer;
import dev.postrider.server.auth.Authenticator.Outcome;
import dev.postrider.server.net.Connection;
import dev.postrider.storage.StoreException;
import java.net.InetAddress;
import java.nio.charset.StandardCharsets;
import java.security.SecureRandom;
import java.util.Arrays;
import java.util.Base64;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * One AUTH or AUTHENTICATE, from the name of the mechanism to its outcome: {@link #begin} once,
 * then {@link #next} for every line. It belongs to one thread.
 */
public final class LoginExchange {

  private static final int NONCE_OCTETS = 18;

  private static final SecureRandom RANDOM = new SecureRandom();

  private final Authenticator authenticator;
  private final InetAddress from;
  private final List<String> certifiedNames;
  private final SaslServer server;

  /** What came of it, while the client has still to say something. */
  private LoginTurn.@Nullable Checked decided;

  private LoginExchange(Authenticator authenticator, Connection connection, SaslServer server) {
    this.authenticator = authenticator;
    this.from = connection.remote().getAddress();
    this.certifiedNames = connection.certifiedNames();
    this.server = server;
  }

  /** Empty when the mechanism is not offered on that connection. */
  public static Optional<LoginExchange> of(
      String mechanism, Authenticator authenticator, Connection connection) {
    List<SaslMechanism> offered = authenticator.mechanisms(connection);
    return SaslMechanism.called(mechanism)
        .filter(offered::contains)
        .map(
            one ->
                new LoginExchange(
                    authenticator,
                    connection,
                    SaslServer.of(
                        one, new SaslServer.Offer(offered, connection::channelBinding, nonce()))));
  }

  /** {@code initialResponse}: as the client wrote it behind the mechanism. */
  public LoginTurn begin(Optional<String> initialResponse) throws StoreException {
    return turn(server.begin(initialResponse));
  }

  /** After a line of the client. */
  public LoginTurn next(String line) throws StoreException {
    return turn(server.next(line));
  }

  private LoginTurn turn(SaslStep step) throws StoreException {
    return switch (step) {
      case SaslStep.Challenge challenge -> new LoginTurn.Ask(challenge.base64());
      case SaslStep.Rejected rejected -> new LoginTurn.Rejected(rejected.reason());
      case SaslStep.Credentials credentials -> password(credentials);
      case SaslStep.ScramUser user ->
          turn(scram().keys(authenticator.scramKeys(user.user(), user.hash())));
      case SaslStep.ScramProof proof -> proof(proof);
      case SaslStep.External external -> external(external);
      case SaslStep.Bearer bearer -> bearer(bearer);
      case SaslStep.Finished finished -> {
        LoginTurn.Checked outcome = decided;
        if (outcome == null) {
          throw new IllegalStateException("finished without a proof or a token");
        }
        yield outcome;
      }
    };
  }

  private LoginTurn password(SaslStep.Credentials credentials) throws StoreException {
    if (impersonates(credentials.authorizationId(), credentials.user())) {
      return new LoginTurn.Impersonates(credentials.user());
    }
    byte[] password = credentials.password().getBytes(StandardCharsets.UTF_8);
    try {
      return new LoginTurn.Checked(
          credentials.user(),
          authenticator.authenticate(credentials.user(), password, from),
          LoginTurn.WRONG_PASSWORD);
    } finally {
      Arrays.fill(password, (byte) 0);
    }
  }

  private LoginTurn proof(SaslStep.ScramProof proof) throws StoreException {
    if (impersonates(proof.authorizationId(), proof.user())) {
      return new LoginTurn.Impersonates(proof.user());
    }
    Outcome outcome = authenticator.authenticate(proof, from);
    LoginTurn.Checked checked =
        new LoginTurn.Checked(proof.user(), outcome, LoginTurn.WRONG_PASSWORD);
    if (outcome instanceof Outcome.Granted) {
      decided = checked;
      return turn(scram().granted());
    }
    return checked;
  }

  private LoginTurn external(SaslStep.External external) throws StoreException {
    String name = external.authorizationId().orElseGet(() -> String.join(",", certifiedNames));
    Outcome outcome = authenticator.authenticate(certifiedNames, external.authorizationId(), from);
    return new LoginTurn.Checked(name, outcome, LoginTurn.WRONG_CERTIFICATE);
  }

  /** RFC 7628 section 3.2.3: whoever is refused is told why, and says something, and then fails. */
  private LoginTurn bearer(SaslStep.Bearer bearer) throws StoreException {
    Outcome outcome = authenticator.authenticate(bearer, from);
    LoginTurn.Checked checked =
        new LoginTurn.Checked(bearer.wanted().orElse("-"), outcome, LoginTurn.WRONG_TOKEN);
    if (outcome instanceof Outcome.Granted || !(server instanceof BearerServer tokens)) {
      return checked;
    }
    decided = checked;
    String status =
        bearer.token().isEmpty()
            ? "invalid_request"
            : outcome instanceof Outcome.Denied ? "invalid_token" : "temporarily_unavailable";
    Authenticator.TokenHint hint = authenticator.tokenHint();
    return turn(tokens.refused(status, hint.scope(), hint.configuration()));
  }

  private ScramServer scram() {
    if (server instanceof ScramServer scram) {
      return scram;
    }
    throw new IllegalStateException("no SCRAM");
  }

  private static boolean impersonates(Optional<String> authorizationId, String user) {
    return authorizationId.filter(id -> !id.equalsIgnoreCase(user)).isPresent();
  }

  /** 24 characters of base64, none of which is a comma. */
  private static String nonce() {
    byte[] octets = new byte[NONCE_OCTETS];
    RANDOM.nextBytes(octets);
    return Base64.getEncoder().encodeToString(octets);
  }
}
