package dev.postrider.server.imap;

import dev.postrider.protocol.imap.ImapCommand;
import dev.postrider.protocol.imap.ImapCommand.ThreadAlgorithm;
import dev.postrider.protocol.imap.ImapReply;
import dev.postrider.protocol.imap.ResponseCode;
import dev.postrider.storage.StoreException;
import java.io.IOException;
import java.util.BitSet;
import java.util.Optional;

/** RFC 5256 section 3, THREAD. The response comes even when it is empty. */
final class ThreadHandler implements CommandHandler<ImapCommand.Thread> {

  @Override
  public ImapReply handle(ImapCommand.Thread command, ImapSession session)
      throws IOException, StoreException {
    SelectedMailbox mailbox = session.mailbox();
    SearchMatcher matcher = new SearchMatcher(session.services(), mailbox, command.key());
    Optional<ImapReply> tooMany = MessageLimit.of(session).refusal(matcher, mailbox);
    if (tooMany.isPresent()) {
      return tooMany.get();
    }
    BitSet found = new SearchScan(session, matcher).all();
    int[] positions = new int[found.cardinality()];
    Threading threading = threading(command.algorithm(), positions.length);
    int[] count = {0};
    FoundMessage.each(
        session.services(),
        mailbox,
        found,
        message -> {
          if (!threading.isFull()) {
            positions[count[0]++] = message.position();
            threading.add(message.threaded());
          }
        });
    if (threading.isFull()) {
      return ImapReply.no(
          ResponseCode.LIMIT, "Too many references to messages elsewhere; thread fewer messages");
    }
    threading
        .threads()
        .write(
            at -> command.byUid() ? mailbox.uid(positions[at]) : positions[at] + 1L,
            session.writer());
    return ImapReply.ok("Threaded");
  }

  private static Threading threading(ThreadAlgorithm algorithm, int most) {
    return switch (algorithm) {
      case ORDEREDSUBJECT -> new SubjectThreads(most);
      case REFERENCES -> new ReferenceThreads(most);
    };
  }
}
