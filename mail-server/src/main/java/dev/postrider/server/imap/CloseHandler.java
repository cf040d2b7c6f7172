package dev.postrider.server.imap;

import dev.postrider.protocol.imap.ImapReply;
import dev.postrider.storage.StoreException;
import dev.postrider.storage.mailboxes.Right;
import java.io.IOException;

/** CLOSE and UNSELECT. RFC 3501 section 6.4.2, RFC 3691. */
final class CloseHandler {

  /**
   * Removes what is marked, without a word, unless the mailbox is open for reading alone, or the
   * account may not. RFC 4314 section 4.
   */
  ImapReply close(ImapSession session) throws IOException, StoreException {
    SelectedMailbox mailbox = session.mailbox();
    if (!mailbox.isReadOnly() && mailbox.reached().may(Right.EXPUNGE)) {
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
