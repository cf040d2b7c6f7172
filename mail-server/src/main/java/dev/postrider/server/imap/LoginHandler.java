package dev.postrider.server.imap;

import dev.postrider.protocol.imap.ImapCommand;
import dev.postrider.protocol.imap.ImapReply;
import dev.postrider.protocol.imap.ResponseCode;
import dev.postrider.protocol.imap.Secret;
import dev.postrider.storage.StoreException;
import java.io.IOException;

/** RFC 3501 section 6.2.3. */
final class LoginHandler implements CommandHandler<ImapCommand.Login> {

  @Override
  public ImapReply handle(ImapCommand.Login command, ImapSession session)
      throws IOException, StoreException {
    Secret password = command.password();
    try {
      if (!Logins.takesPasswords(session)) {
        return ImapReply.no(ResponseCode.CANNOT, "LOGIN is switched off; use AUTHENTICATE");
      }
      return Logins.attempt(session, command.name(), password.octets());
    } finally {
      password.wipe();
    }
  }
}
