package dev.postrider.protocol.imap;

/** A command that is not carried out, and what its client is told. */
public final class UnacceptableCommandException extends Exception {

  private static final long serialVersionUID = 1L;

  private final transient ImapReply reply;
  private final boolean emptiesSaved;

  UnacceptableCommandException(ImapReply reply) {
    this(reply, false);
  }

  private UnacceptableCommandException(ImapReply reply, boolean emptiesSaved) {
    super(reply.text());
    this.reply = reply;
    this.emptiesSaved = emptiesSaved;
  }

  /** A mistake in the grammar. */
  static UnacceptableCommandException syntax(String text) {
    return new UnacceptableCommandException(ImapReply.bad(text));
  }

  /** The same of a SEARCH with RETURN (SAVE). */
  UnacceptableCommandException ofSavingSearch() {
    return new UnacceptableCommandException(reply, reply.status() == ImapReply.Status.NO);
  }

  public ImapReply reply() {
    return reply;
  }

  /** Whether {@code $} stands for no message from now on; NO does that. RFC 5182 section 2.1. */
  boolean emptiesSaved() {
    return emptiesSaved;
  }
}
