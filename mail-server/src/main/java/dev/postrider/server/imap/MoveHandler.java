package dev.postrider.server.imap;

import dev.postrider.protocol.imap.ImapCommand;
import dev.postrider.protocol.imap.ImapReply;
import dev.postrider.protocol.imap.ResponseCode;
import dev.postrider.storage.StoreException;
import dev.postrider.storage.mailboxes.Mailbox;
import dev.postrider.storage.messages.Messages.Copied;
import java.io.IOException;
import java.util.Optional;

/** RFC 6851. COPYUID comes before the EXPUNGEs, which the refresh that follows sends. */
final class MoveHandler implements CommandHandler<ImapCommand.Move> {

  @Override
  public ImapReply handle(ImapCommand.Move command, ImapSession session)
      throws IOException, StoreException {
    SelectedMailbox from = session.mailbox();
    if (from.isReadOnly()) {
      return ExpungeHandler.readOnly();
    }
    int[] positions = from.positions(command.messages(), command.byUid());
    if (positions == null) {
      return FetchHandler.noSuchNumber();
    }
    Optional<Mailbox> to =
        session.store().mailboxes().find(session.account().id(), command.mailbox());
    if (to.isEmpty()) {
      return ImapReply.no(ResponseCode.TRY_CREATE, "No such mailbox");
    }
    Copied moved =
        session.store().messages().move(from.mailbox().id(), from.uids(positions), to.get().id());
    if (moved.from().isEmpty()) {
      return ImapReply.ok("No such message");
    }
    session.writer().untagged(ImapReply.ok(CopyHandler.copyUid(moved), "Moved"));
    return ImapReply.ok("Moved");
  }
}
