package dev.postrider.server.imap;

import dev.postrider.protocol.imap.ImapCommand;
import dev.postrider.protocol.imap.ImapReply;
import dev.postrider.protocol.imap.ResponseCode;
import dev.postrider.protocol.sasl.SaslServer;
import dev.postrider.protocol.sasl.SaslStep;
import dev.postrider.protocol.text.LineException;
import dev.postrider.storage.StoreException;
import java.io.EOFException;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Optional;

/** RFC 3501 section 6.2.2, RFC 4959; PLAIN of RFC 4616, and LOGIN, which Outlook needs. */
final class AuthenticateHandler implements CommandHandler<ImapCommand.Authenticate> {

  @Override
  public ImapReply handle(ImapCommand.Authenticate command, ImapSession session)
      throws IOException, StoreException {
    Optional<SaslServer> mechanism = SaslServer.of(command.mechanism());
    if (mechanism.isEmpty()) {
      return ImapReply.no(
          ResponseCode.CANNOT, "Mechanisms are " + String.join(", ", SaslServer.MECHANISMS));
    }
    SaslStep step = mechanism.get().begin(command.initialResponse());
    while (step instanceof SaslStep.Challenge challenge) {
      session.writer().atom("+ ").atom(challenge.base64()).crlf();
      step = mechanism.get().next(answer(session));
    }
    return switch (step) {
      case SaslStep.Challenge more -> throw new IllegalStateException("challenges have ended");
      case SaslStep.Credentials credentials -> attempt(credentials, session);
      case SaslStep.Rejected rejected -> ImapReply.bad(explain(rejected.reason()));
    };
  }

  private static ImapReply attempt(SaslStep.Credentials credentials, ImapSession session)
      throws IOException, StoreException {
    if (credentials
        .authorizationId()
        .filter(id -> !id.equalsIgnoreCase(credentials.user()))
        .isPresent()) {
      return ImapReply.no(ResponseCode.AUTHENTICATION_FAILED, "Nobody may act for somebody else");
    }
    byte[] password = credentials.password().getBytes(StandardCharsets.UTF_8);
    try {
      return Logins.attempt(session, credentials.user(), password);
    } finally {
      Arrays.fill(password, (byte) 0);
    }
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

  private static String explain(SaslStep.Reason reason) {
    return switch (reason) {
      case CANCELLED -> "Cancelled";
      case NOT_BASE64 -> "Not base64";
      case MALFORMED -> "Not what the mechanism asks for";
      case TOO_LONG -> "Longer than " + SaslServer.RESPONSE_CHARS_MAX + " characters";
    };
  }
}
