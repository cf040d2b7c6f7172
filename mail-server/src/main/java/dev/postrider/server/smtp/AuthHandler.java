package dev.postrider.server.smtp;

import dev.postrider.protocol.sasl.SaslServer;
import dev.postrider.protocol.sasl.SaslStep;
import dev.postrider.protocol.smtp.SmtpCommand.Auth;
import dev.postrider.protocol.smtp.SmtpCommandParser;
import dev.postrider.protocol.smtp.SmtpReply;
import dev.postrider.server.auth.Authenticator.Outcome;
import dev.postrider.storage.StoreException;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Optional;
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
    Optional<SaslServer> mechanism = SaslServer.of(auth.mechanism());
    if (mechanism.isEmpty()) {
      return Answer.say(504, "5.5.4", "Use one of " + String.join(", ", SaslServer.MECHANISMS));
    }
    SaslStep step = mechanism.get().begin(auth.initialResponse());
    while (true) {
      switch (step) {
        case SaslStep.Challenge challenge -> {
          peer.goOn(SmtpReply.plain(334, challenge.base64()));
          byte[] line = peer.line(SmtpCommandParser.AUTH_LINE_OCTETS_MAX);
          step = mechanism.get().next(new String(line, StandardCharsets.ISO_8859_1));
        }
        case SaslStep.Rejected rejected -> {
          return rejected(rejected.reason());
        }
        case SaslStep.Credentials credentials -> {
          return check(credentials, state);
        }
      }
    }
  }

  private static Answer rejected(SaslStep.Reason reason) {
    return switch (reason) {
      case CANCELLED -> Answer.say(501, "5.7.0", "Authentication cancelled");
      case NOT_BASE64 -> Answer.say(501, "5.5.2", "That was not base64");
      case MALFORMED -> Answer.say(501, "5.5.2", "That is no response of this mechanism");
      case TOO_LONG -> Answer.say(500, "5.5.6", "Authentication line too long");
    };
  }

  private Answer check(SaslStep.Credentials credentials, SessionState state) {
    if (credentials.authorizationId().isPresent()) {
      return Answer.say(535, "5.7.8", "Nobody may act for somebody else here");
    }
    byte[] password = credentials.password().getBytes(StandardCharsets.UTF_8);
    try {
      Outcome outcome =
          services
              .authenticator()
              .authenticate(credentials.user(), password, state.connection().remote().getAddress());
      return switch (outcome) {
        case Outcome.Granted granted -> {
          state.loggedIn(granted.account());
          log.info(
              "smtp.login session={} account={}", state.sessionId(), granted.account().address());
          yield Answer.say(235, "2.7.0", "Welcome");
        }
        case Outcome.Denied _ -> denied(credentials.user(), state);
        case Outcome.Throttled throttled ->
            Answer.say(
                    454,
                    "4.7.0",
                    "Too many failed logins, try again in "
                        + Math.max(1, throttled.retryAfter().toSeconds())
                        + " seconds")
                .because("throttled login as " + credentials.user());
      };
    } catch (StoreException e) {
      return Answer.say(454, "4.7.0", "Logins do not work at the moment, try again later")
          .because(e.toString());
    } finally {
      Arrays.fill(password, (byte) 0);
    }
  }

  private static Answer denied(String user, SessionState state) {
    String text = "Wrong user name or password";
    Answer answer =
        state.countFailedLogin() < FAILED_LOGINS_MAX
            ? Answer.say(535, "5.7.8", text)
            : Answer.close(421, "4.7.0", text + ", closing");
    return answer.because("failed login as " + user);
  }
}
