package dev.postrider.protocol.smtp;

/** A command that cannot be understood, with the reply that says so. */
public final class SmtpSyntaxException extends Exception {

  private final transient SmtpReply reply;

  SmtpSyntaxException(SmtpReply reply) {
    super(reply.toString());
    this.reply = reply;
  }

  /** What to answer: 500, 501, 504, 553 or 555. */
  public SmtpReply reply() {
    return reply;
  }
}
