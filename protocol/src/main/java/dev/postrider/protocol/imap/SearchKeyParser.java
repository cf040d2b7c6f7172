package dev.postrider.protocol.imap;

import dev.postrider.protocol.imap.SearchKey.Relation;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/** What SEARCH looks for. RFC 3501 section 6.4.4. */
final class SearchKeyParser {

  /** Levels of parentheses, NOT and OR. */
  static final int DEPTH_MAX = 50;

  /** Keys of one command. */
  static final int KEYS_MAX = 1000;

  private static final List<String> CHARSETS = List.of("US-ASCII", "UTF-8");

  private final CommandScanner in;
  private int keys;

  private SearchKeyParser(CommandScanner in) {
    this.in = in;
  }

  static ImapCommand.Search parse(CommandScanner in, boolean byUid)
      throws IOException, UnacceptableCommandException {
    SearchKeyParser parser = new SearchKeyParser(in);
    List<SearchKey> all = new ArrayList<>();
    String charset = "US-ASCII";
    if (parser.startsWithWord()) {
      String word = in.word();
      if (word.equals("CHARSET")) {
        in.space();
        charset = parser.charset();
        in.space();
        all.add(parser.key(0));
      } else {
        all.add(parser.named(word, 0));
      }
    } else {
      all.add(parser.key(0));
    }
    while (in.take(' ') && !in.atEnd()) {
      all.add(parser.key(0));
    }
    return new ImapCommand.Search(
        byUid, charset, all.size() == 1 ? all.get(0) : new SearchKey.And(all));
  }

  private String charset() throws IOException, UnacceptableCommandException {
    String charset = in.astringText().toUpperCase(Locale.ROOT);
    if (!CHARSETS.contains(charset)) {
      throw new UnacceptableCommandException(
          ImapReply.no(ResponseCode.badCharset(CHARSETS), "Unknown charset"));
    }
    return charset;
  }

  private boolean startsWithWord() {
    return !in.isDigitNext() && !in.isNext('*') && !in.isNext('(');
  }

  private SearchKey key(int depth) throws IOException, UnacceptableCommandException {
    if (depth > DEPTH_MAX) {
      throw UnacceptableCommandException.syntax(
          "Search keys nested deeper than " + DEPTH_MAX + " levels");
    }
    if (++keys > KEYS_MAX) {
      throw UnacceptableCommandException.syntax("More than " + KEYS_MAX + " search keys");
    }
    if (in.take('(')) {
      List<SearchKey> all = new ArrayList<>();
      do {
        all.add(key(depth + 1));
      } while (in.take(' '));
      in.expect(')');
      return new SearchKey.And(all);
    }
    return startsWithWord()
        ? named(in.word(), depth)
        : new SearchKey.Numbered(false, in.sequenceSet());
  }

  private SearchKey named(String word, int depth) throws IOException, UnacceptableCommandException {
    return switch (word) {
      case "ALL" -> new SearchKey.All();
      case "NOT" -> new SearchKey.Not(spaced(depth));
      case "OR" -> new SearchKey.Or(spaced(depth), spaced(depth));
      case "ANSWERED" -> new SearchKey.HasFlag("\\Answered");
      case "DELETED" -> new SearchKey.HasFlag("\\Deleted");
      case "DRAFT" -> new SearchKey.HasFlag("\\Draft");
      case "FLAGGED" -> new SearchKey.HasFlag("\\Flagged");
      case "SEEN" -> new SearchKey.HasFlag("\\Seen");
      case "RECENT" -> new SearchKey.Recent();
      case "UNANSWERED" -> not(new SearchKey.HasFlag("\\Answered"));
      case "UNDELETED" -> not(new SearchKey.HasFlag("\\Deleted"));
      case "UNDRAFT" -> not(new SearchKey.HasFlag("\\Draft"));
      case "UNFLAGGED" -> not(new SearchKey.HasFlag("\\Flagged"));
      case "UNSEEN" -> not(new SearchKey.HasFlag("\\Seen"));
      case "OLD" -> not(new SearchKey.Recent());
      case "NEW" ->
          new SearchKey.And(List.of(new SearchKey.Recent(), not(new SearchKey.HasFlag("\\Seen"))));
      default -> withArgument(word);
    };
  }

  private SearchKey withArgument(String word) throws IOException, UnacceptableCommandException {
    return switch (word) {
      case "BCC", "CC", "FROM", "SUBJECT", "TO" -> new SearchKey.Header(word, string());
      case "HEADER" -> new SearchKey.Header(string(), string());
      case "BODY" -> new SearchKey.Body(string());
      case "TEXT" -> new SearchKey.Text(string());
      case "KEYWORD" -> new SearchKey.HasFlag(keyword());
      case "UNKEYWORD" -> not(new SearchKey.HasFlag(keyword()));
      case "LARGER" -> new SearchKey.Sized(true, number());
      case "SMALLER" -> new SearchKey.Sized(false, number());
      case "UID" -> new SearchKey.Numbered(true, messages());
      case "BEFORE" -> dated(false, Relation.BEFORE);
      case "ON" -> dated(false, Relation.ON);
      case "SINCE" -> dated(false, Relation.SINCE);
      case "SENTBEFORE" -> dated(true, Relation.BEFORE);
      case "SENTON" -> dated(true, Relation.ON);
      case "SENTSINCE" -> dated(true, Relation.SINCE);
      default -> throw UnacceptableCommandException.syntax("Unknown search key");
    };
  }

  private static SearchKey not(SearchKey key) {
    return new SearchKey.Not(key);
  }

  private SearchKey spaced(int depth) throws IOException, UnacceptableCommandException {
    in.space();
    return key(depth + 1);
  }

  private String string() throws IOException, UnacceptableCommandException {
    in.space();
    return in.astringText();
  }

  private String keyword() throws UnacceptableCommandException {
    in.space();
    return in.atom();
  }

  private long number() throws UnacceptableCommandException {
    in.space();
    return in.number();
  }

  private SequenceSet messages() throws UnacceptableCommandException {
    in.space();
    return in.sequenceSet();
  }

  private SearchKey dated(boolean sent, Relation relation)
      throws IOException, UnacceptableCommandException {
    in.space();
    return new SearchKey.Dated(sent, relation, ImapDate.parseDate(in.astringText()));
  }
}
