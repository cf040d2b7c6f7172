package dev.postrider.server.imap;

import dev.postrider.protocol.imap.ImapCommand;
import dev.postrider.protocol.imap.ImapReply;
import java.io.IOException;

/** RFC 3501 section 6.1.3. */
final class LogoutHandler implements CommandHandler<ImapCommand.Logout> {

  @Override
  public ImapReply handle(ImapCommand.Logout command, ImapSession session) throws IOException {
    session.unselect();
    session.writer().untagged(ImapReply.bye("Goodbye"));
    session.endAfterReply("logout");
    return ImapReply.ok("Logged out");
  }
}
