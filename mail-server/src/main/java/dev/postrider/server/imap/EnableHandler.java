package dev.postrider.server.imap;

import dev.postrider.protocol.imap.ImapCommand;
import dev.postrider.protocol.imap.ImapReply;
import java.io.IOException;

/**
 * RFC 5161, RFC 7162 section 3.2.3. What the server has not, or what needs not to be enabled, is
 * passed over.
 */
final class EnableHandler implements CommandHandler<ImapCommand.Enable> {

  @Override
  public ImapReply handle(ImapCommand.Enable command, ImapSession session) throws IOException {
    StringBuilder enabled = new StringBuilder("ENABLED");
    if (command.isQresyncEnabling()) {
      session.enableQresync();
      enabled.append(" QRESYNC");
    }
    if (command.isCondstoreEnabling()) {
      // It is on already: the session sees to that for all commands that say so.
      enabled.append(" CONDSTORE");
    }
    session.writer().untagged(enabled.toString());
    return ImapReply.ok(command.isCondstoreEnabling() ? "Enabled" : "Nothing to enable");
  }
}
