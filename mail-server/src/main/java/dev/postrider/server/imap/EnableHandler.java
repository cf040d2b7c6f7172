package dev.postrider.server.imap;

import dev.postrider.protocol.imap.ImapCommand;
import dev.postrider.protocol.imap.ImapReply;
import java.io.IOException;

/**
 * RFC 5161. Nothing that the server has needs to be enabled, and what it has not is passed over.
 */
final class EnableHandler implements CommandHandler<ImapCommand.Enable> {

  @Override
  public ImapReply handle(ImapCommand.Enable command, ImapSession session) throws IOException {
    session.writer().untagged("ENABLED");
    return ImapReply.ok("Nothing to enable");
  }
}
