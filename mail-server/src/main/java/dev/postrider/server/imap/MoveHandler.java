package dev.postrider.server.imap;

import dev.postrider.protocol.imap.ImapCommand;
import dev.postrider.protocol.imap.ImapReply;
import dev.postrider.storage.StoreException;
import dev.postrider.storage.mailboxes.MailboxId;
import dev.postrider.storage.mailboxes.Right;
import dev.postrider.storage.messages.Messages.Copied;
import java.io.IOException;
import java.util.Optional;

/**
 * RFC 6851. COPYUID comes before the EXPUNGEs, which the refresh that follows sends. Each message
 * moves or stays; when there are very many, some have moved when it fails, and the client has the
 * COPYUID of those. RFC 6851 section 3.3.
 */
final class MoveHandler implements CommandHandler<ImapCommand.Move> {

  /** Messages leave it as if they were marked and expunged. RFC 6851 section 4.1. */
  static boolean mayTake(SelectedMailbox from) {
    return from.reached().may(Right.MARK) && from.reached().may(Right.EXPUNGE);
  }

  @Override
  public ImapReply handle(ImapCommand.Move command, ImapSession session)
      throws IOException, StoreException {
    SelectedMailbox from = session.mailbox();
    if (from.isReadOnly()) {
      return ExpungeHandler.readOnly();
    }
    if (!mayTake(from)) {
      return Reached.noPermission();
    }
    int[] named = from.positions(command.messages(), command.byUid());
    if (named == null) {
      return FetchHandler.noSuchNumber();
    }
    MessageLimit limit = MessageLimit.of(session);
    int[] positions = limit.highest(named, from);
    Optional<Reached> found = Namespaces.find(command.mailbox(), session);
    Optional<ImapReply> refusal = Reached.refusalAsTarget(found);
    if (refusal.isPresent()) {
      return refusal.get();
    }
    Reached to = found.orElseThrow();
    MailboxId target = to.mailbox().id();
    int[] moved = {0};
    Pieces.of(
        positions,
        some -> {
          Copied piece =
              session
                  .store()
                  .messages()
                  .move(from.mailbox().id(), from.uids(some), target, to::settable);
          if (!piece.from().isEmpty()) {
            session.writer().untagged(ImapReply.ok(CopyHandler.copyUid(piece), "Moved"));
            moved[0] += piece.from().size();
          }
        });
    ImapReply reply =
        moved[0] == 0 ? ImapReply.ok("No such message") : ExpungeHandler.upToDate("Moved", session);
    return limit.completed(reply, session.writer());
  }
}
