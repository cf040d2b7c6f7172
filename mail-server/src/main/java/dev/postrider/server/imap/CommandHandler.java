package dev.postrider.server.imap;

import dev.postrider.protocol.imap.ImapCommand;
import dev.postrider.protocol.imap.ImapReply;
import dev.postrider.storage.StoreException;
import java.io.IOException;

/** Carries out one command. */
interface CommandHandler<C extends ImapCommand> {

  /**
   * Carries {@code command} out, writes its untagged responses and returns its completion, which
   * the session writes behind what has changed in the mailbox. State and TLS have been checked.
   *
   * @throws SessionEndException when nothing can follow
   * @throws IOException when the connection cannot be used any more
   */
  ImapReply handle(C command, ImapSession session) throws IOException, StoreException;
}
