package dev.postrider.server.imap;

import dev.postrider.protocol.imap.ImapReply;
import dev.postrider.protocol.imap.ResponseCode;
import dev.postrider.protocol.sasl.SaslMechanism;
import dev.postrider.server.auth.Authenticator.Outcome;
import dev.postrider.server.auth.LoginTurn;
import dev.postrider.storage.StoreException;
import java.io.IOException;
import java.net.InetAddress;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** What LOGIN and AUTHENTICATE have in common. */
final class Logins {

  /** Failed logins of one connection. */
  static final int FAILURES_MAX = 5;

  private static final Logger log = LoggerFactory.getLogger(Logins.class);

  private Logins() {}

  /** Whether a client may tell its password on that connection. */
  static boolean takesPasswords(ImapSession session) {
    return session.services().authenticator().mechanisms(session.connection()).stream()
        .anyMatch(SaslMechanism::tellsPassword);
  }

  /** Checks name and password. The reply to a failure does not say which of them was wrong. */
  static ImapReply attempt(ImapSession session, String name, byte[] password)
      throws IOException, StoreException {
    InetAddress remote = session.connection().remote().getAddress();
    Outcome outcome = session.services().authenticator().authenticate(name, password, remote);
    return reply(session, new LoginTurn.Checked(name, outcome, LoginTurn.WRONG_PASSWORD));
  }

  /** Carries out what came of it. */
  static ImapReply reply(ImapSession session, LoginTurn.Checked checked) throws IOException {
    String name = checked.name();
    String id = session.connection().id();
    InetAddress remote = session.connection().remote().getAddress();
    return switch (checked.outcome()) {
      case Outcome.Granted granted -> {
        session.logIn(granted.account());
        log.info(
            "imap.login session={} account={} tls={}",
            id,
            granted.account().address(),
            session.connection().tls().map(facts -> facts.protocol()).orElse("-"));
        yield ImapReply.ok(ResponseCode.capability(session.capabilities()), "Logged in");
      }
      case Outcome.Denied denied -> {
        log.info(
            "imap.login-denied session={} remote={} name={}", id, remote.getHostAddress(), name);
        if (session.countLoginFailure() >= FAILURES_MAX) {
          throw new SessionEndException("Too many failed logins");
        }
        yield ImapReply.no(ResponseCode.AUTHENTICATION_FAILED, checked.denial());
      }
      case Outcome.Unavailable unavailable ->
          ImapReply.no(
              ResponseCode.UNAVAILABLE, "Nobody answers who knows your token; try again later");
      case Outcome.Throttled throttled -> {
        log.info(
            "imap.login-throttled session={} remote={} name={}", id, remote.getHostAddress(), name);
        if (session.countLoginFailure() >= FAILURES_MAX) {
          throw new SessionEndException("Too many failed logins");
        }
        yield ImapReply.no(
            ResponseCode.LIMIT,
            "Too many failed logins from your address; try again in "
                + Math.max(1, throttled.retryAfter().toSeconds())
                + " seconds");
      }
    };
  }
}
