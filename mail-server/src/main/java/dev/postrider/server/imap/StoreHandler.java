package dev.postrider.server.imap;

import dev.postrider.protocol.imap.ImapCommand;
import dev.postrider.protocol.imap.ImapReply;
import dev.postrider.protocol.imap.ImapWriter;
import dev.postrider.protocol.imap.ResponseCode;
import dev.postrider.storage.StoreException;
import dev.postrider.storage.messages.FlagChange;
import dev.postrider.storage.messages.Flags;
import dev.postrider.storage.messages.Message;
import java.io.IOException;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * RFC 3501 section 6.4.6.
 *
 * <p>SILENT spares the client what it knows: that the flags it named are set now. Where somebody
 * else has changed other flags of the message meanwhile, the refresh that follows says so.
 */
final class StoreHandler implements CommandHandler<ImapCommand.Store> {

  @Override
  public ImapReply handle(ImapCommand.Store command, ImapSession session)
      throws IOException, StoreException {
    SelectedMailbox mailbox = session.mailbox();
    if (mailbox.isReadOnly()) {
      return ExpungeHandler.readOnly();
    }
    Optional<Flags> flags = FlagNames.parse(command.flags());
    if (flags.isEmpty()) {
      return FlagNames.unknown();
    }
    int[] positions = mailbox.positions(command.messages(), command.byUid());
    if (positions == null) {
      return FetchHandler.noSuchNumber();
    }
    if (positions.length == 0) {
      return ImapReply.ok("No such message");
    }
    FlagChange change = change(command, flags.get());
    int[] stored = {0};
    Pieces.ofChanged(
        positions, session, some -> stored[0] += store(command, change, some, session));
    boolean counts = !command.byUid() && !command.messages().isSaved();
    return stored[0] == positions.length || !counts
        ? ImapReply.ok("Stored")
        : ImapReply.no(ResponseCode.EXPUNGE_ISSUED, "Some of the messages have been expunged");
  }

  /** Returns how many messages there still were. */
  private static int store(
      ImapCommand.Store command, FlagChange change, int[] positions, ImapSession session)
      throws IOException, StoreException {
    SelectedMailbox mailbox = session.mailbox();
    @Nullable Message[] before =
        command.silent() ? mailbox.messages(positions) : new Message[positions.length];
    List<Message> changed =
        session
            .store()
            .messages()
            .changeFlags(mailbox.mailbox().id(), mailbox.uids(positions), change, null)
            .changed();
    if (command.silent()) {
      keepSilent(mailbox, before, changed, change, session.writer());
    } else {
      answer(command.byUid(), mailbox, changed, session.writer());
    }
    return changed.size();
  }

  private static FlagChange change(ImapCommand.Store command, Flags flags) {
    return switch (command.action()) {
      case ADD -> new FlagChange.Add(flags);
      case REMOVE -> new FlagChange.Remove(flags);
      case REPLACE -> new FlagChange.Replace(flags);
    };
  }

  private static void answer(
      boolean byUid, SelectedMailbox mailbox, List<Message> changed, ImapWriter writer)
      throws IOException {
    for (Message message : changed) {
      int position = mailbox.position(message.uid().value());
      mailbox.announceKeywords(writer, message.flags());
      writer.atom("* ").number(position + 1L).atom(" FETCH (");
      if (byUid) {
        writer.atom("UID ").number(message.uid().value()).space();
      }
      mailbox.writeFlags(writer, position, message.flags());
      writer.atom(")").crlf();
      mailbox.told(message);
    }
  }

  /** {@code before} and {@code changed} ascend by UID; what was expunged is missing in both. */
  private static void keepSilent(
      SelectedMailbox mailbox,
      @Nullable Message[] before,
      List<Message> changed,
      FlagChange change,
      ImapWriter writer)
      throws IOException {
    int at = 0;
    for (Message after : changed) {
      mailbox.announceKeywords(writer, after.flags());
      while (at < before.length && !isOf(before[at], after)) {
        at++;
      }
      Message known = at < before.length ? before[at] : null;
      if (known != null
          && mailbox.isKnown(known)
          && change.applyTo(known.flags()).equals(after.flags())) {
        mailbox.told(after);
      }
    }
  }

  private static boolean isOf(@Nullable Message before, Message after) {
    return before != null && before.uid().equals(after.uid());
  }
}
