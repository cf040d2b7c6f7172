package dev.postrider.server.imap;

import dev.postrider.protocol.imap.ImapCommand;
import dev.postrider.protocol.imap.ImapReply;
import dev.postrider.protocol.imap.ResponseCode;
import dev.postrider.protocol.sasl.SaslMechanism;
import dev.postrider.protocol.sasl.SaslServer;
import dev.postrider.protocol.sasl.SaslStep;
import dev.postrider.protocol.text.LineException;
import dev.postrider.server.auth.Authenticator;
import dev.postrider.server.auth.LoginExchange;
import dev.postrider.server.auth.LoginTurn;
import dev.postrider.storage.StoreException;
import java.io.EOFException;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Optional;
import java.util.stream.Collectors;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** RFC 3501 section 6.2.2, RFC 4959; the mechanisms are those of the authenticator. */
final class AuthenticateHandler implements CommandHandler<ImapCommand.Authenticate> {

  private static final Logger log = LoggerFactory.getLogger(AuthenticateHandler.class);

  @Override
  public ImapReply handle(ImapCommand.Authenticate command, ImapSession session)
      throws IOException, StoreException {
    Authenticator authenticator = session.services().authenticator();
    Optional<LoginExchange> exchange =
        LoginExchange.of(command.mechanism(), authenticator, session.connection());
    if (exchange.isEmpty()) {
      return ImapReply.no(
          ResponseCode.CANNOT,
          authenticator.mechanisms(session.connection()).stream()
              .map(SaslMechanism::word)
              .collect(Collectors.joining(", ", "Mechanisms are ", "")));
    }
    LoginTurn turn = exchange.get().begin(command.initialResponse());
    while (turn instanceof LoginTurn.Ask ask) {
      session.writer().atom("+ ").atom(ask.base64()).crlf();
      turn = exchange.get().next(answer(session));
    }
    return switch (turn) {
      case LoginTurn.Ask more -> throw new IllegalStateException("challenges have ended");
      case LoginTurn.Checked checked -> Logins.reply(session, checked);
      case LoginTurn.Impersonates impersonates ->
          ImapReply.no(ResponseCode.AUTHENTICATION_FAILED, "Nobody may act for somebody else");
      case LoginTurn.Rejected rejected -> explain(rejected.reason(), session);
    };
  }

  /** A line that is none becomes one that no mechanism takes. */
  private static String answer(ImapSession session) throws IOException {
    try {
      byte[] line = session.streams().reader().line(SaslServer.RESPONSE_CHARS_MAX);
      if (line == null) {
        throw new EOFException("stream ended within AUTHENTICATE");
      }
      return new String(line, StandardCharsets.ISO_8859_1);
    } catch (LineException e) {
      return "*";
    }
  }

  private static ImapReply explain(SaslStep.Reason reason, ImapSession session) throws IOException {
    return switch (reason) {
      case CANCELLED -> ImapReply.bad("Cancelled");
      case NOT_BASE64 -> ImapReply.bad("Not base64");
      case MALFORMED -> ImapReply.bad("Not what the mechanism asks for");
      case TOO_LONG ->
          ImapReply.bad("Longer than " + SaslServer.RESPONSE_CHARS_MAX + " characters");
      case CHANNEL_BINDING -> {
        log.warn(
            "imap.login-unbound session={} remote={}",
            session.connection().id(),
            session.connection().remote().getAddress().getHostAddress());
        if (session.countLoginFailure() >= Logins.FAILURES_MAX) {
          throw new SessionEndException("Too many failed logins");
        }
        yield ImapReply.no(
            ResponseCode.AUTHENTICATION_FAILED,
            "Your client sees another TLS connection than this server, or another offer");
      }
    };
  }
}
