package dev.postrider.protocol.imap;

import dev.postrider.protocol.imap.ImapCommand.SortCriterion;
import dev.postrider.protocol.imap.ImapCommand.SortKey;
import java.io.IOException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** By what SORT sorts, and which messages. RFC 5256 section 5, RFC 5957 section 5. */
final class SortParser {

  private SortParser() {}

  static ImapCommand.Sort parse(CommandScanner in, boolean byUid)
      throws IOException, UnacceptableCommandException {
    List<SortCriterion> order = order(in);
    in.space();
    return new ImapCommand.Sort(byUid, order, SearchKeyParser.criteria(in));
  }

  /**
   * A key that is named again changes nothing, reversed or not: it would be looked at where it has
   * found no difference.
   */
  private static List<SortCriterion> order(CommandScanner in) throws UnacceptableCommandException {
    Map<SortKey, SortCriterion> order = new LinkedHashMap<>();
    in.expect('(');
    do {
      String word = in.word();
      boolean reverse = word.equals("REVERSE");
      if (reverse) {
        in.space();
        word = in.word();
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
