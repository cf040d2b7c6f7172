package dev.postrider.server.imap;

import dev.postrider.protocol.imap.ImapCommand;
import dev.postrider.protocol.imap.ImapReply;
import java.io.IOException;

/** RFC 3501 section 6.1.1. */
final class CapabilityHandler implements CommandHandler<ImapCommand.Capability> {

  @Override
  public ImapReply handle(ImapCommand.Capability command, ImapSession session) throws IOException {
    session.writer().untagged("CAPABILITY " + String.join(" ", session.capabilities()));
    return ImapReply.ok("Capabilities listed");
  }
}
