package dev.postrider.server.imap;

import dev.postrider.protocol.imap.ImapCommand;
import dev.postrider.protocol.imap.ImapCommand.SearchReturn;
import dev.postrider.protocol.imap.ImapReply;
import dev.postrider.protocol.imap.PartialRange;
import dev.postrider.protocol.imap.SearchKey;
import dev.postrider.storage.StoreException;
import java.io.IOException;
import java.util.BitSet;
import java.util.EnumSet;
import java.util.Optional;
import java.util.Set;

/**
 * RFC 3501 section 6.4.4, RFC 4731, RFC 5182, RFC 6855 section 3, RFC 7162 section 3.1.5, RFC 9051
 * section 6.4.4, RFC 9394, RFC 9738. The response comes even when nothing was found, but not when
 * the result was to be saved and nothing else. Clients of IMAP4rev2 never get the SEARCH response:
 * without RETURN they want ALL.
 */
final class SearchHandler implements CommandHandler<ImapCommand.Search> {

  @Override
  public ImapReply handle(ImapCommand.Search command, ImapSession session)
      throws IOException, StoreException {
    SelectedMailbox mailbox = session.mailbox();
    if (command.charset().isPresent() && session.dialect().acceptsUtf8()) {
      if (command.returns().contains(SearchReturn.SAVE)) {
        mailbox.save(new BitSet());
      }
      return ImapReply.bad("You enabled UTF8=ACCEPT: a charset cannot be named");
    }
    MessageLimit limit = MessageLimit.of(session);
    SearchMatcher asked = new SearchMatcher(session.services(), mailbox, command.key());
    SearchKey key = limit.searched(command.key(), asked, mailbox);
    SearchMatcher matcher = new SearchMatcher(session.services(), mailbox, key);
    BitSet found = new BitSet();
    Optional<PartialResult> partial = Optional.empty();
    BitSet saved = new BitSet();
    try {
      found = find(command, new SearchScan(session, matcher));
      BitSet all = found;
      partial = command.partial().map(range -> PartialResult.of(range, all));
      saved = partial.isPresent() ? chosen(command.returns(), all, partial.get()) : all;
    } finally {
      // Of a search that fails, nothing is saved, and not what was saved before either. RFC 5182
      // section 2.1.
      if (command.returns().contains(SearchReturn.SAVE)) {
        mailbox.save(saved);
      }
    }
    // Of what was looked for alone: of the ends where these are wanted. RFC 4731 section 3.2.
    long modSeq = 0;
    if (command.key().asksForModSeq()) {
      boolean ofPart = partial.isPresent() && !command.returns().contains(SearchReturn.COUNT);
      modSeq = ofPart ? mailbox.highestModSeq(saved) : matcher.highestModSeq();
    }
    Set<SearchReturn> returns =
        command.returns().isEmpty() && session.dialect().isRev2()
            ? Set.of(SearchReturn.ALL)
            : command.returns();
    new SearchResponse(command.byUid(), mailbox, Found.inMailbox(found), modSeq)
        .with(partial)
        .write("SEARCH", returns, session);
    return limit.completed(ImapReply.ok("Searched"), session.writer());
  }

  /** What is returned beside the count, and so what is saved. RFC 9394 section 3.2. */
  private static BitSet chosen(Set<SearchReturn> returns, BitSet found, PartialResult partial) {
    if (returns.contains(SearchReturn.COUNT)) {
      return found;
    }
    BitSet chosen = (BitSet) partial.positions().clone();
    if (!found.isEmpty() && returns.contains(SearchReturn.MIN)) {
      chosen.set(found.nextSetBit(0));
    }
    if (!found.isEmpty() && returns.contains(SearchReturn.MAX)) {
      chosen.set(found.length() - 1);
    }
    return chosen;
  }

  /**
   * Everything that matches; where the client asks for the ends alone, these alone, which is also
   * what is saved then. RFC 5182 section 2.4. Where it asks for a part alone, no more is looked at
   * than is needed for that.
   */
  private static BitSet find(ImapCommand.Search command, SearchScan scan)
      throws IOException, StoreException {
    Set<SearchReturn> returns = command.returns();
    if (command.partial().isPresent()) {
      PartialRange range = command.partial().get();
      boolean alone = EnumSet.of(SearchReturn.PARTIAL, SearchReturn.SAVE).containsAll(returns);
      return alone ? scan.some(range.enough(), range.fromEnd()) : scan.all();
    }
    return SearchResponse.isOfEndsAlone(returns)
        ? scan.ends(returns.contains(SearchReturn.MIN), returns.contains(SearchReturn.MAX))
        : scan.all();
  }
}
