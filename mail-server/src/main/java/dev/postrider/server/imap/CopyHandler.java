package dev.postrider.server.imap;

import dev.postrider.protocol.imap.ImapCommand;
import dev.postrider.protocol.imap.ImapReply;
import dev.postrider.protocol.imap.ResponseCode;
import dev.postrider.storage.StoreException;
import dev.postrider.storage.messages.Messages.Copied;
import dev.postrider.storage.messages.Uid;
import java.util.List;
import java.util.Optional;

/** RFC 3501 section 6.4.7, RFC 4314 section 4. All messages are copied, or none. */
final class CopyHandler implements CommandHandler<ImapCommand.Copy> {

  /**
   * All or none means one commit, all of which is in memory, at about 1 KB a message. Who has more
   * to copy names some at a time.
   */
  private static final int MESSAGES_MAX = 50_000;

  @Override
  public ImapReply handle(ImapCommand.Copy command, ImapSession session) throws StoreException {
    SelectedMailbox from = session.mailbox();
    int[] positions = from.positions(command.messages(), command.byUid());
    if (positions == null) {
      return FetchHandler.noSuchNumber();
    }
    MessageLimit limit = MessageLimit.of(session);
    if (limit.isBelow(positions.length)) {
      return limit.refusal(positions, from);
    }
    if (positions.length > MESSAGES_MAX) {
      return ImapReply.no(
          ResponseCode.LIMIT, "At most " + MESSAGES_MAX + " messages can be copied at once");
    }
    Optional<Reached> found = Namespaces.find(command.mailbox(), session);
    Optional<ImapReply> refusal = Reached.refusalAsTarget(found);
    if (refusal.isPresent()) {
      return refusal.get();
    }
    Reached to = found.orElseThrow();
    Copied copied =
        session
            .store()
            .messages()
            .copy(from.mailbox().id(), from.uids(positions), to.mailbox().id(), to::settable);
    session.notifications().made(to.mailbox().id(), copied.to().stream().mapToLong(Uid::value));
    return copied.from().isEmpty()
        ? ImapReply.ok("No such message")
        : ImapReply.ok(copyUid(copied), "Copied");
  }

  /** RFC 4315 section 3. */
  static ResponseCode copyUid(Copied copied) {
    return ResponseCode.copyUid(copied.uidValidity(), numbers(copied.from()), numbers(copied.to()));
  }

  private static long[] numbers(List<Uid> uids) {
    return uids.stream().mapToLong(Uid::value).toArray();
  }
}
