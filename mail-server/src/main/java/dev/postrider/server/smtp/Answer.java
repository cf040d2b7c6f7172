package dev.postrider.server.smtp;

import dev.postrider.protocol.smtp.SmtpReply;

/** What a handler wants said, and what comes after it. Only the session writes. */
record Answer(SmtpReply reply, Next next, String reason) {

  /** After the reply. */
  enum Next {
    COMMAND,
    HANDSHAKE,
    CLOSE
  }

  static Answer say(SmtpReply reply) {
    return new Answer(reply, Next.COMMAND, "");
  }

  static Answer say(int code, String status, String text) {
    return say(SmtpReply.of(code, status, text));
  }

  /** With what the operator should know beyond the reply. */
  Answer because(String cause) {
    return new Answer(reply, next, cause);
  }

  static Answer close(int code, String status, String text) {
    return new Answer(SmtpReply.of(code, status, text), Next.CLOSE, "");
  }

  /** The reply, then the TLS handshake. */
  static Answer handshake(SmtpReply reply) {
    return new Answer(reply, Next.HANDSHAKE, "");
  }

  /** Whether the operator should look: 4.3.x, the mail system (RFC 3463 section 3.4). */
  boolean ownFault() {
    return reply.isTransient()
        && reply.status().filter(status -> status.subject() == 3).isPresent();
  }

  /** Whether the peer did not get what it asked for. */
  boolean refuses() {
    return reply.isTransient() || reply.isPermanent();
  }
}
