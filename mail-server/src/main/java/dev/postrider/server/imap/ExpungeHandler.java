package dev.postrider.server.imap;

import dev.postrider.protocol.imap.ImapCommand;
import dev.postrider.protocol.imap.ImapReply;
import dev.postrider.protocol.imap.SequenceSet;
import dev.postrider.storage.StoreException;
import dev.postrider.storage.messages.Message;
import dev.postrider.storage.messages.SystemFlag;
import dev.postrider.storage.messages.UidSet;
import java.util.function.LongPredicate;
import java.util.stream.IntStream;
import java.util.stream.LongStream;

/** RFC 3501 section 6.4.3, RFC 4315 section 2.1. The refresh that follows says EXPUNGE. */
final class ExpungeHandler implements CommandHandler<ImapCommand.Expunge> {

  @Override
  public ImapReply handle(ImapCommand.Expunge command, ImapSession session) throws StoreException {
    SelectedMailbox mailbox = session.mailbox();
    if (mailbox.isReadOnly()) {
      return readOnly();
    }
    int count = mailbox.count();
    if (count == 0) {
      return ImapReply.ok("Nothing to expunge");
    }
    SequenceSet.Resolved wanted =
        command
            .uids()
            .orElse(SequenceSet.of(1, SequenceSet.LARGEST))
            .resolve(mailbox.uid(count - 1));
    int expunged = expunge(session, wanted::contains);
    return ImapReply.ok("Expunged " + expunged);
  }

  static ImapReply readOnly() {
    return ImapReply.no("The mailbox is open for reading only");
  }

  /** Removes messages of the client's view, and no others, that are marked and {@code wanted}. */
  static int expunge(ImapSession session, LongPredicate wanted) throws StoreException {
    SelectedMailbox mailbox = session.mailbox();
    LongStream.Builder marked = LongStream.builder();
    for (Message message : mailbox.messages(IntStream.range(0, mailbox.count()).toArray())) {
      if (message != null
          && message.flags().has(SystemFlag.DELETED)
          && wanted.test(message.uid().value())) {
        marked.add(message.uid().value());
      }
    }
    UidSet uids = UidSet.of(marked.build().toArray());
    if (uids.isEmpty()) {
      return 0;
    }
    UidSet gone = session.store().messages().expunge(mailbox.mailbox().id(), uids);
    session.counts().expunge(gone.size());
    return gone.size();
  }
}
