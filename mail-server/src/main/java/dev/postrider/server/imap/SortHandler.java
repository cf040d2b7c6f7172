package dev.postrider.server.imap;

import dev.postrider.protocol.imap.ImapCommand;
import dev.postrider.protocol.imap.ImapCommand.SearchReturn;
import dev.postrider.protocol.imap.ImapReply;
import dev.postrider.protocol.imap.ResponseCode;
import dev.postrider.storage.StoreException;
import java.io.IOException;
import java.util.BitSet;
import java.util.Optional;
import java.util.Set;

/**
 * RFC 5256 section 3, SORT, RFC 5267 section 3, RFC 5957, RFC 7162 section 3.1.9 and 3.1.10. The
 * response comes even when it is empty, but not when the result was to be saved and nothing else.
 */
final class SortHandler implements CommandHandler<ImapCommand.Sort> {

  @Override
  public ImapReply handle(ImapCommand.Sort command, ImapSession session)
      throws IOException, StoreException {
    SelectedMailbox mailbox = session.mailbox();
    SearchMatcher matcher = new SearchMatcher(session.services(), mailbox, command.key());
    Optional<ImapReply> tooMany = MessageLimit.of(session).refusal(matcher, mailbox);
    if (tooMany.isPresent()) {
      if (command.returns().contains(SearchReturn.SAVE)) {
        mailbox.save(new BitSet());
      }
      return tooMany.get();
    }
    boolean endsAlone = SearchResponse.isOfEndsAlone(command.returns());
    BitSet saved = new BitSet();
    try {
      BitSet matching = new SearchScan(session, matcher).all();
      Optional<Found> sorted = sorted(command, matching, session);
      if (sorted.isEmpty()) {
        return ImapReply.no(ResponseCode.LIMIT, "Too much text to sort by; sort fewer messages");
      }
      Found found = sorted.get();
      saved = endsAlone ? ends(found, command.returns()) : matching;
      long modSeq = 0;
      if (command.key().asksForModSeq()) {
        modSeq = endsAlone ? mailbox.highestModSeq(saved) : matcher.highestModSeq();
      }
      new SearchResponse(command.byUid(), mailbox, found, modSeq)
          .write("SORT", command.returns(), session);
    } finally {
      // As of a SEARCH that fails, nothing is saved then. RFC 5182 section 2.1.
      if (command.returns().contains(SearchReturn.SAVE)) {
        mailbox.save(saved);
      }
    }
    return ImapReply.ok("Sorted");
  }

  /** In order, where the client is told of one; empty where it cannot be found out. */
  private static Optional<Found> sorted(
      ImapCommand.Sort command, BitSet matching, ImapSession session)
      throws IOException, StoreException {
    Set<SearchReturn> returns = command.returns();
    boolean inOrder =
        returns.isEmpty()
            || returns.contains(SearchReturn.MIN)
            || returns.contains(SearchReturn.MAX)
            || returns.contains(SearchReturn.ALL);
    return inOrder
        ? new SortOrder(session.services(), session.mailbox(), command.order())
            .of(matching)
            .map(Found::sorted)
        : Optional.of(Found.inMailbox(matching));
  }

  /** Of what is sorted the first, the last, or both. RFC 5182 section 2.4. */
  private static BitSet ends(Found found, Set<SearchReturn> returns) {
    BitSet ends = new BitSet();
    if (!found.isEmpty() && returns.contains(SearchReturn.MIN)) {
      ends.set(found.first());
    }
    if (!found.isEmpty() && returns.contains(SearchReturn.MAX)) {
      ends.set(found.last());
    }
    return ends;
  }
}
