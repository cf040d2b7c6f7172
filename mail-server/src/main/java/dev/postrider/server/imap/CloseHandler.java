package dev.postrider.server.imap;

import dev.postrider.protocol.imap.ImapReply;
import dev.postrider.storage.StoreException;
import java.io.IOException;

/** CLOSE and UNSELECT. RFC 3501 section 6.4.2, RFC 3691. */
final class CloseHandler {

  /** Removes what is marked, without a word, unless the mailbox is open for reading alone. */
  ImapReply close(ImapSession session) throws IOException, StoreException {
    if (!session.mailbox().isReadOnly()) {
      ExpungeHandler.expungeAll(session);
    }
    session.unselect();
    return ImapReply.ok("Closed");
  }

  ImapReply unselect(ImapSession session) {
    session.unselect();
    return ImapReply.ok("Unselected");
  }
}
