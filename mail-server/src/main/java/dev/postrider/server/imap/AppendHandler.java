package dev.postrider.server.imap;

import dev.postrider.protocol.imap.AppendMessage;
import dev.postrider.protocol.imap.ImapCommand;
import dev.postrider.protocol.imap.ImapReply;
import dev.postrider.protocol.imap.ResponseCode;
import dev.postrider.protocol.imap.UnacceptableCommandException;
import dev.postrider.storage.Commit;
import dev.postrider.storage.Committed;
import dev.postrider.storage.StoreException;
import java.io.IOException;
import java.util.List;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * RFC 3501 section 6.3.11, RFC 3502. All messages are one commit, so all of them are in the mailbox
 * or none is; the completion is sent when they are on disk. What follows a message that is refused
 * is read over as far as it comes anyway.
 */
final class AppendHandler implements CommandHandler<ImapCommand.Append> {

  private static final Logger log = LoggerFactory.getLogger(AppendHandler.class);

  @Override
  public ImapReply handle(ImapCommand.Append command, ImapSession session)
      throws IOException, StoreException {
    Optional<Reached> found = Namespaces.find(command.mailbox(), session);
    Optional<ImapReply> noTarget = Reached.refusalAsTarget(found);
    if (noTarget.isPresent()) {
      return noTarget.get();
    }
    try (Upload upload = new Upload(session, found.orElseThrow())) {
      Optional<AppendMessage> next = Optional.of(command.message());
      while (next.isPresent()) {
        Optional<ImapReply> refusal = upload.take(next.get());
        if (refusal.isPresent()) {
          return refusal.get();
        }
        next = session.streams().reader().nextMessage();
      }
      return append(upload, session);
    } catch (UnacceptableCommandException e) {
      return e.reply();
    }
  }

  private static ImapReply append(Upload upload, ImapSession session) throws StoreException {
    List<Committed.Filed> filed =
        session.store().commit(new Commit(upload.deposits(), List.of())).filed();
    session.counts().append(filed.size());
    Committed.Filed first = filed.getFirst();
    made(filed, session);
    log.info(
        "imap.appended session={} mailbox={} uid={} messages={} octets={}",
        session.connection().id(),
        first.mailbox().value(),
        first.uid().value(),
        filed.size(),
        upload.octets());
    return ImapReply.ok(appendUid(filed), "Appended");
  }

  /** The client needs not be told what these are. */
  static void made(List<Committed.Filed> filed, ImapSession session) {
    session
        .notifications()
        .made(filed.getFirst().mailbox(), filed.stream().mapToLong(one -> one.uid().value()));
  }

  /** Of messages that were filed in one mailbox. */
  static ResponseCode appendUid(List<Committed.Filed> filed) {
    return ResponseCode.appendUid(
        filed.getFirst().uidValidity(),
        filed.stream().mapToLong(one -> one.uid().value()).toArray());
  }
}
