package dev.postrider.server.imap;

/** A part cannot be sent without its transfer encoding, as nobody knows that. */
final class UnknownEncodingException extends Exception {

  private static final long serialVersionUID = 1L;

  UnknownEncodingException() {
    super("unknown transfer encoding");
  }
}
