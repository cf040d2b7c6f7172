package dev.postrider.server.smtp;

import dev.postrider.protocol.sasl.SaslMechanism;
import dev.postrider.protocol.sasl.SaslStep;
import dev.postrider.protocol.smtp.SmtpCommand.Auth;
import dev.postrider.protocol.smtp.SmtpCommandParser;
import dev.postrider.protocol.smtp.SmtpReply;
import dev.postrider.server.auth.Authenticator.Outcome;
import dev.postrider.server.auth.LoginExchange;
import dev.postrider.server.auth.LoginTurn;
import dev.postrider.storage.StoreException;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Optional;
import java.util.stream.Collectors;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** AUTH. RFC 4954 section 4. */
final class AuthHandler {

  private static final Logger log = LoggerFactory.getLogger(AuthHandler.class);

  /** Failed logins of one session, after which it is closed. */
  private static final int FAILED_LOGINS_MAX = 5;

  private final Services services;

  AuthHandler(Services services) {
    this.services = services;
  }

  Answer handle(Auth auth, SessionState state, Peer peer) throws IOException {
    if (!state.isSubmission()) {
      return Answer.say(
          503, "5.5.1", "No logins here; your mail program should use the submission port");
    }
    if (!state.isEncrypted()) {
      return Answer.say(538, "5.7.11", "A password is not sent in the clear: say STARTTLS first");
    }
    if (state.account().isPresent()) {
      return Answer.say(503, "5.5.1", "You are logged in already");
    }
    Optional<LoginExchange> exchange =
        LoginExchange.of(auth.mechanism(), services.authenticator(), state.connection());
    if (exchange.isEmpty()) {
      return Answer.say(504, "5.5.4", "Use one of " + mechanisms(state));
    }
    try {
      LoginTurn turn = exchange.get().begin(auth.initialResponse());
      while (turn instanceof LoginTurn.Ask ask) {
        peer.goOn(SmtpReply.plain(334, ask.base64()));
        byte[] line = peer.line(SmtpCommandParser.AUTH_LINE_OCTETS_MAX);
        turn = exchange.get().next(new String(line, StandardCharsets.ISO_8859_1));
      }
      return answer(turn, state);
    } catch (StoreException e) {
      return Answer.say(454, "4.7.0", "Logins do not work at the moment, try again later")
          .because(e.toString());
    }
  }

  private String mechanisms(SessionState state) {
    return services.authenticator().mechanisms(state.connection()).stream()
        .map(SaslMechanism::word)
        .collect(Collectors.joining(", "));
  }

  private static Answer answer(LoginTurn turn, SessionState state) {
    return switch (turn) {
      case LoginTurn.Ask more -> throw new IllegalStateException("challenges have ended");
      case LoginTurn.Rejected rejected -> rejected(rejected.reason(), state);
      case LoginTurn.Impersonates impersonates ->
          Answer.say(535, "5.7.8", "Nobody may act for somebody else here");
      case LoginTurn.Checked checked -> checked(checked, state);
    };
  }

  private static Answer rejected(SaslStep.Reason reason, SessionState state) {
    return switch (reason) {
      case CANCELLED -> Answer.say(501, "5.7.0", "Authentication cancelled");
      case NOT_BASE64 -> Answer.say(501, "5.5.2", "That was not base64");
      case MALFORMED -> Answer.say(501, "5.5.2", "That is no response of this mechanism");
      case TOO_LONG -> Answer.say(500, "5.5.6", "Authentication line too long");
      case CHANNEL_BINDING ->
          failed(
                  "Your client sees another TLS connection than this server, or another offer",
                  state)
              .because("login is not bound to this connection");
    };
  }

  private static Answer checked(LoginTurn.Checked checked, SessionState state) {
    return switch (checked.outcome()) {
      case Outcome.Granted granted -> {
        state.loggedIn(granted.account());
        log.info(
            "smtp.login session={} account={}", state.sessionId(), granted.account().address());
        yield Answer.say(235, "2.7.0", "Welcome");
      }
      case Outcome.Denied _ ->
          failed(checked.denial(), state).because("failed login as " + checked.name());
      case Outcome.Unavailable _ ->
          Answer.say(454, "4.7.0", "Nobody answers who knows your token, try again later")
              .because("token of " + checked.name() + " not checked");
      case Outcome.Throttled throttled ->
          Answer.say(
                  454,
                  "4.7.0",
                  "Too many failed logins, try again in "
                      + Math.max(1, throttled.retryAfter().toSeconds())
                      + " seconds")
              .because("throttled login as " + checked.name());
    };
  }

  private static Answer failed(String text, SessionState state) {
    return state.countFailedLogin() < FAILED_LOGINS_MAX
        ? Answer.say(535, "5.7.8", text)
        : Answer.close(421, "4.7.0", text + ", closing");
  }
}
