package dev.postrider.protocol.imap;

/** A command that is not carried out, and what its client is told. */
public final class UnacceptableCommandException extends Exception {

  private static final long serialVersionUID = 1L;

  private final transient ImapReply reply;

  UnacceptableCommandException(ImapReply reply) {
    super(reply.text());
    this.reply = reply;
  }

  /** A mistake in the grammar. */
  static UnacceptableCommandException syntax(String text) {
    return new UnacceptableCommandException(ImapReply.bad(text));
  }

  public ImapReply reply() {
    return reply;
  }
}
