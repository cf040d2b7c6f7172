package dev.postrider.protocol.imap;

import dev.postrider.protocol.imap.ImapCommand.SearchReturn;
import dev.postrider.protocol.imap.ImapCommand.SortCriterion;
import dev.postrider.protocol.imap.ImapCommand.SortKey;
import java.io.IOException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * By what SORT sorts, which messages, and what is wanted of them. RFC 5256 section 5, RFC 5267
 * section 5, RFC 5957 section 5.
 */
final class SortParser {

  private SortParser() {}

  static ImapCommand.Sort parse(CommandScanner in, boolean byUid)
      throws IOException, UnacceptableCommandException {
    if (in.isNext('(')) {
      return sort(in, byUid, Set.of());
    }
    if (!in.word(Extension.Place.SORT).equals("RETURN")) {
      throw UnacceptableCommandException.syntax("SORT takes RETURN or a list of sort keys");
    }
    SearchKeyParser.Returns wanted = SearchKeyParser.returns(in);
    if (wanted.partial().isPresent()) {
      // That is of RFC 5267 section 4.4, CONTEXT=SORT.
      throw UnacceptableCommandException.syntax("SORT does not return PARTIAL");
    }
    Set<SearchReturn> returns = wanted.options();
    in.space();
    try {
      return sort(in, byUid, returns);
    } catch (UnacceptableCommandException e) {
      throw returns.contains(SearchReturn.SAVE) ? e.ofSavingSearch() : e;
    }
  }

  private static ImapCommand.Sort sort(CommandScanner in, boolean byUid, Set<SearchReturn> returns)
      throws IOException, UnacceptableCommandException {
    List<SortCriterion> order = order(in);
    in.space();
    return new ImapCommand.Sort(byUid, returns, order, SearchKeyParser.criteria(in));
  }

  /**
   * A key that is named again changes nothing, reversed or not: it would be looked at where it has
   * found no difference.
   */
  private static List<SortCriterion> order(CommandScanner in) throws UnacceptableCommandException {
    Map<SortKey, SortCriterion> order = new LinkedHashMap<>();
    in.expect('(');
    do {
      String word = in.word(Extension.Place.SORT);
      boolean reverse = word.equals("REVERSE");
      if (reverse) {
        in.space();
        word = in.word(Extension.Place.SORT);
      }
      SortKey key = key(word);
      order.putIfAbsent(key, new SortCriterion(key, reverse));
    } while (in.take(' '));
    in.expect(')');
    return new ArrayList<>(order.values());
  }

  private static SortKey key(String word) throws UnacceptableCommandException {
    for (SortKey key : SortKey.values()) {
      if (key.name().equals(word)) {
        return key;
      }
    }
    throw UnacceptableCommandException.syntax("Unknown sort key");
  }
}
