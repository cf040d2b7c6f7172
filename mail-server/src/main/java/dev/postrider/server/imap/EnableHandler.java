package dev.postrider.server.imap;

import dev.postrider.protocol.imap.ImapCommand;
import dev.postrider.protocol.imap.ImapReply;
import java.io.IOException;

/**
 * RFC 5161, RFC 6855 section 3, RFC 7162 section 3.2.3, RFC 9051 section 6.3.1, RFC 9586 section 3.
 * What the server has not, or what needs not to be enabled, is passed over.
 */
final class EnableHandler implements CommandHandler<ImapCommand.Enable> {

  @Override
  public ImapReply handle(ImapCommand.Enable command, ImapSession session) throws IOException {
    StringBuilder enabled = new StringBuilder("ENABLED");
    if (command.isRev2Enabling()) {
      session.enableRev2();
      enabled.append(" IMAP4rev2");
    }
    if (command.isQresyncEnabling()) {
      session.enableCondstore();
      session.dialect().aware(Awareness.QRESYNC);
      enabled.append(" QRESYNC");
    }
    if (command.isCondstoreEnabling()) {
      // It is on already: the session sees to that for all commands that say so.
      enabled.append(" CONDSTORE");
    }
    if (command.isUtf8Enabling()) {
      session.dialect().enableUtf8();
      session.streams().utf8(true);
      enabled.append(" UTF8=ACCEPT");
    }
    if (command.isUidsAloneEnabling()) {
      session.dialect().enableUidsAlone();
      enabled.append(" UIDONLY");
    }
    session.writer().untagged(enabled.toString());
    boolean any = enabled.indexOf(" ") > 0;
    return ImapReply.ok(any ? "Enabled" : "Nothing to enable");
  }
}
