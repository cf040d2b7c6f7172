package dev.postrider.server.smtp;

import dev.postrider.protocol.smtp.SmtpReply;

/** STARTTLS. RFC 3207 section 4. */
final class StartTlsHandler {

  private StartTlsHandler() {}

  /** {@code buffered}: octets that the peer sent behind the command, in the clear. */
  static Answer handle(SessionState state, int buffered) {
    if (state.isEncrypted()) {
      return Answer.say(503, "5.5.1", "TLS is on already");
    }
    if (buffered > 0) {
      // What is said before the handshake must not count after it: somebody in between may have
      // put it there.
      return Answer.close(554, "5.5.1", "Nothing may follow STARTTLS before the handshake")
          .because("possible command injection, octets behind STARTTLS: " + buffered);
    }
    return Answer.handshake(SmtpReply.of(220, "2.0.0", "Ready to start TLS"));
  }
}
