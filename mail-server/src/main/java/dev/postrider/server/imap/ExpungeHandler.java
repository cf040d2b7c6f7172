package dev.postrider.server.imap;

import dev.postrider.protocol.imap.Extension;
import dev.postrider.protocol.imap.ImapCommand;
import dev.postrider.protocol.imap.ImapReply;
import dev.postrider.protocol.imap.ResponseCode;
import dev.postrider.protocol.imap.SequenceSet;
import dev.postrider.storage.StoreException;
import dev.postrider.storage.mailboxes.Right;
import dev.postrider.storage.messages.Message;
import dev.postrider.storage.messages.SystemFlag;
import dev.postrider.storage.messages.UidSet;
import java.io.IOException;
import java.util.stream.IntStream;
import java.util.stream.LongStream;
import org.jspecify.annotations.Nullable;

/**
 * RFC 3501 section 6.4.3, RFC 4315 section 2.1, RFC 7162 section 3.2.7 and 3.2.9. A refresh says
 * EXPUNGE.
 */
final class ExpungeHandler implements CommandHandler<ImapCommand.Expunge> {

  @Override
  public ImapReply handle(ImapCommand.Expunge command, ImapSession session)
      throws IOException, StoreException {
    SelectedMailbox mailbox = session.mailbox();
    if (mailbox.isReadOnly()) {
      return readOnly();
    }
    if (!mailbox.reached().may(Right.EXPUNGE)) {
      return Reached.noPermission();
    }
    if (mailbox.count() == 0) {
      return ImapReply.ok("Nothing to expunge");
    }
    // RFC 9738 section 3.1: EXPUNGE without UIDs takes them all.
    MessageLimit limit = MessageLimit.of(session);
    int expunged =
        command.uids().isPresent() && limit.isBelow(mailbox.count())
            ? expunge(session, limit.highest(marked(mailbox, command.uids().get()), mailbox))
            : expunge(session, command.uids().orElse(SequenceSet.EVERYTHING));
    boolean wanted = expunged > 0 && session.dialect().awareness() == Awareness.QRESYNC;
    ImapReply reply =
        wanted ? upToDate("Expunged " + expunged, session) : ImapReply.ok("Expunged " + expunged);
    return limit.completed(reply, session.writer());
  }

  /**
   * Says with the MODSEQ up to where the client knows all, once it has been told what is gone. RFC
   * 7162 section 3.2.7, RFC 6851 section 4.4.
   */
  static ImapReply upToDate(String text, ImapSession session) throws IOException {
    session.notifications().refresh(true, true);
    if (!session.speaks(Extension.CONDSTORE)) {
      return ImapReply.ok(text);
    }
    long modSeq = session.mailbox().highestModSeq().value();
    return ImapReply.ok(ResponseCode.highestModSeq(modSeq), text);
  }

  static ImapReply readOnly() {
    return ImapReply.no("The mailbox is open for reading only");
  }

  /** Removes messages of the client's view, and no others, that are marked. */
  static int expungeAll(ImapSession session) throws IOException, StoreException {
    return expunge(session, SequenceSet.EVERYTHING);
  }

  private static int expunge(ImapSession session, SequenceSet uids)
      throws IOException, StoreException {
    return expunge(session, session.mailbox().uidPositions(uids));
  }

  private static int expunge(ImapSession session, int[] positions)
      throws IOException, StoreException {
    SelectedMailbox mailbox = session.mailbox();
    int[] expunged = {0};
    Pieces.of(positions, some -> expunged[0] += expunge(session, mailbox.messages(some)));
    return expunged[0];
  }

  /** Where the messages are that {@code uids} names and that are marked. */
  private static int[] marked(SelectedMailbox mailbox, SequenceSet uids)
      throws IOException, StoreException {
    IntStream.Builder marked = IntStream.builder();
    Pieces.of(
        mailbox.uidPositions(uids),
        some -> {
          @Nullable Message[] messages = mailbox.messages(some);
          for (int i = 0; i < some.length; i++) {
            if (isMarked(messages[i])) {
              marked.add(some[i]);
            }
          }
        });
    return marked.build().toArray();
  }

  private static boolean isMarked(@Nullable Message message) {
    return message != null && message.flags().has(SystemFlag.DELETED);
  }

  private static int expunge(ImapSession session, @Nullable Message[] messages)
      throws StoreException {
    LongStream.Builder marked = LongStream.builder();
    for (Message message : messages) {
      if (message != null && isMarked(message)) {
        marked.add(message.uid().value());
      }
    }
    UidSet uids = UidSet.of(marked.build().toArray());
    if (uids.isEmpty()) {
      return 0;
    }
    UidSet gone = session.store().messages().expunge(session.mailbox().mailbox().id(), uids);
    session.counts().expunge(gone.size());
    return gone.size();
  }
}
