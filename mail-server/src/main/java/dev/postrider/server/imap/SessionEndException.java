package dev.postrider.server.imap;

import dev.postrider.protocol.imap.ImapReply;
import java.io.IOException;

/** The session ends now, with a BYE that says why. */
final class SessionEndException extends IOException {

  private static final long serialVersionUID = 1L;

  private final transient ImapReply bye;

  SessionEndException(String text) {
    super(text);
    this.bye = ImapReply.bye(text);
  }

  ImapReply bye() {
    return bye;
  }
}
