package dev.postrider.server.imap;

import dev.postrider.protocol.imap.ImapCommand;
import dev.postrider.protocol.imap.ImapReply;
import java.io.IOException;

/** RFC 5161. What the server has not, or what needs not to be enabled, is passed over. */
final class EnableHandler implements CommandHandler<ImapCommand.Enable> {

  @Override
  public ImapReply handle(ImapCommand.Enable command, ImapSession session) throws IOException {
    // What it enables is on already: the session sees to that for all commands that say so.
    boolean condstore = command.isCondstoreEnabling();
    session.writer().untagged(condstore ? "ENABLED CONDSTORE" : "ENABLED");
    return ImapReply.ok(condstore ? "Enabled" : "Nothing to enable");
  }
}
