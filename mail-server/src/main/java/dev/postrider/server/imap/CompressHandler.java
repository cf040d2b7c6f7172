package dev.postrider.server.imap;

import dev.postrider.protocol.imap.ImapCommand;
import dev.postrider.protocol.imap.ImapReply;
import dev.postrider.protocol.imap.ResponseCode;
import java.io.IOException;

/**
 * RFC 4978 section 3. What follows the command before it is answered is neither surely plain nor
 * surely compressed, so nothing may: then it is refused, and all of that is plain.
 */
final class CompressHandler implements CommandHandler<ImapCommand.Compress> {

  @Override
  public ImapReply handle(ImapCommand.Compress command, ImapSession session) throws IOException {
    if (!command.algorithm().equals("DEFLATE")) {
      return ImapReply.bad("The only compression here is DEFLATE");
    }
    if (session.streams().isCompressed()) {
      return ImapReply.bad(ResponseCode.COMPRESSION_ACTIVE, "DEFLATE is on already");
    }
    if (session.streams().isMoreThere()) {
      return ImapReply.bad("Wait for the answer to COMPRESS before you send more");
    }
    session.compressAfterReply();
    return ImapReply.ok("Compress now");
  }
}
