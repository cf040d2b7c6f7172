package dev.postrider.server.imap;

import dev.postrider.protocol.imap.ImapCommand;
import dev.postrider.protocol.imap.ImapCommand.SearchReturn;
import dev.postrider.protocol.imap.ImapReply;
import dev.postrider.storage.StoreException;
import java.io.IOException;
import java.util.BitSet;
import java.util.Set;

/**
 * RFC 3501 section 6.4.4, RFC 4731, RFC 5182, RFC 7162 section 3.1.5. The response comes even when
 * nothing was found, but not when the result was to be saved and nothing else.
 */
final class SearchHandler implements CommandHandler<ImapCommand.Search> {

  @Override
  public ImapReply handle(ImapCommand.Search command, ImapSession session)
      throws IOException, StoreException {
    SelectedMailbox mailbox = session.mailbox();
    SearchMatcher matcher = new SearchMatcher(session.services(), mailbox, command.key());
    BitSet found = new BitSet();
    try {
      found = find(command.returns(), new SearchScan(mailbox, matcher));
    } finally {
      // Of a search that fails, nothing is saved, and not what was saved before either. RFC 5182
      // section 2.1.
      if (command.returns().contains(SearchReturn.SAVE)) {
        mailbox.save(found);
      }
    }
    // Of what was looked for alone: of the ends where these are wanted. RFC 4731 section 3.2.
    long modSeq = command.key().asksForModSeq() ? matcher.highestModSeq() : 0;
    new SearchResponse(command.byUid(), mailbox, Found.inMailbox(found), modSeq)
        .write("SEARCH", command.returns(), session);
    return ImapReply.ok("Searched");
  }

  /**
   * Everything that matches; where the client asks for the ends alone, these alone, which is also
   * what is saved then. RFC 5182 section 2.4.
   */
  private static BitSet find(Set<SearchReturn> returns, SearchScan scan)
      throws IOException, StoreException {
    return SearchResponse.isOfEndsAlone(returns)
        ? scan.ends(returns.contains(SearchReturn.MIN), returns.contains(SearchReturn.MAX))
        : scan.all();
  }
}
