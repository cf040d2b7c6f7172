package dev.postrider.server.imap;

import dev.postrider.protocol.imap.ImapCommand;
import dev.postrider.protocol.imap.ImapReply;

/**
 * RFC 3501 section 6.2.1. There is no state to forget: before a login the session knows nothing of
 * its client.
 */
final class StartTlsHandler implements CommandHandler<ImapCommand.StartTls> {

  @Override
  public ImapReply handle(ImapCommand.StartTls command, ImapSession session) {
    if (session.connection().tls().isPresent()) {
      return ImapReply.bad("TLS is on already");
    }
    session.tlsAfterReply();
    return ImapReply.ok("Begin TLS now");
  }
}
