package dev.postrider.server.imap;

import dev.postrider.protocol.imap.ImapCommand;
import dev.postrider.protocol.imap.ImapReply;
import dev.postrider.protocol.imap.ResponseCode;
import dev.postrider.protocol.imap.UnacceptableCommandException;
import dev.postrider.storage.Commit;
import dev.postrider.storage.Committed;
import dev.postrider.storage.StoreException;
import dev.postrider.storage.messages.Uid;
import java.io.IOException;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * RFC 8508. The new message comes and the old one goes in one commit; when the old one has gone
 * meanwhile, nothing happens. APPENDUID comes before the EXPUNGE or VANISHED, which the refresh
 * that follows sends.
 */
final class ReplaceHandler implements CommandHandler<ImapCommand.Replace> {

  private static final Logger log = LoggerFactory.getLogger(ReplaceHandler.class);

  @Override
  public ImapReply handle(ImapCommand.Replace command, ImapSession session)
      throws IOException, StoreException {
    SelectedMailbox selected = session.mailbox();
    if (selected.isReadOnly()) {
      return ExpungeHandler.readOnly();
    }
    if (!MoveHandler.mayTake(selected)) {
      return Reached.noPermission();
    }
    int @Nullable [] positions = selected.positions(command.replaced(), command.byUid());
    if (positions == null) {
      return FetchHandler.noSuchNumber();
    }
    if (positions.length == 0) {
      return ImapReply.no(ResponseCode.NONEXISTENT, "No message has that UID");
    }
    if (selected.messages(positions)[0] == null) {
      return ImapReply.no(ResponseCode.EXPUNGE_ISSUED, "The message has been expunged");
    }
    Optional<Reached> target = Namespaces.find(command.mailbox(), session);
    Optional<ImapReply> noTarget = Reached.refusalAsTarget(target);
    if (noTarget.isPresent()) {
      return noTarget.get();
    }
    Commit.Removal removal =
        new Commit.Removal(selected.mailbox().id(), new Uid(selected.uid(positions[0])));
    try (Upload upload = new Upload(session, target.orElseThrow())) {
      Optional<ImapReply> refusal = upload.take(command.message());
      if (refusal.isPresent()) {
        return refusal.get();
      }
      if (session.streams().reader().nextMessage().isPresent()) {
        return ImapReply.bad("One message alone takes the place of another");
      }
      return replace(removal, upload, session);
    } catch (UnacceptableCommandException e) {
      return e.reply();
    }
  }

  private static ImapReply replace(Commit.Removal removal, Upload upload, ImapSession session)
      throws IOException, StoreException {
    Commit commit = Commit.replacing(removal, upload.deposits().getFirst());
    List<Committed.Filed> filed = session.store().commit(commit).filed();
    AppendHandler.made(filed, session);
    session.counts().append(1);
    session.counts().expunge(1);
    log.info(
        "imap.replaced session={} mailbox={} uid={} by-mailbox={} by-uid={} octets={}",
        session.connection().id(),
        removal.mailbox().value(),
        removal.uid().value(),
        filed.getFirst().mailbox().value(),
        filed.getFirst().uid().value(),
        upload.octets());
    session
        .writer()
        .untagged(ImapReply.ok(AppendHandler.appendUid(filed), "The new message is there"));
    return ImapReply.ok("Replaced");
  }
}
