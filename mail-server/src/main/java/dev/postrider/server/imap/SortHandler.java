package dev.postrider.server.imap;

import dev.postrider.protocol.imap.ImapCommand;
import dev.postrider.protocol.imap.ImapReply;
import dev.postrider.protocol.imap.ResponseCode;
import dev.postrider.storage.StoreException;
import java.io.IOException;
import java.util.BitSet;
import java.util.Optional;

/**
 * RFC 5256 section 3, RFC 5957, RFC 7162 section 3.1.9. The response comes even when it is empty.
 */
final class SortHandler implements CommandHandler<ImapCommand.Sort> {

  @Override
  public ImapReply handle(ImapCommand.Sort command, ImapSession session)
      throws IOException, StoreException {
    SelectedMailbox mailbox = session.mailbox();
    SearchMatcher matcher = new SearchMatcher(session.services(), mailbox, command.key());
    BitSet found = new SearchScan(mailbox, matcher).all();
    Optional<int[]> sorted = new SortOrder(session.services(), mailbox, command.order()).of(found);
    if (sorted.isEmpty()) {
      return ImapReply.no(ResponseCode.LIMIT, "Too much text to sort by; sort fewer messages");
    }
    long modSeq = command.key().asksForModSeq() ? matcher.highestModSeq() : 0;
    new SearchResponse(command.byUid(), mailbox, Found.sorted(sorted.get()), modSeq)
        .writeNumbers("SORT", session.writer());
    return ImapReply.ok("Sorted");
  }
}
