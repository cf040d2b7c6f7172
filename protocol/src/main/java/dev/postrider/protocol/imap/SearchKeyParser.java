package dev.postrider.protocol.imap;

import dev.postrider.protocol.imap.ImapCommand.SearchReturn;
import dev.postrider.protocol.imap.SearchKey.Relation;
import java.io.IOException;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;

/** What SEARCH looks for, and what is wanted of it. RFC 3501 section 6.4.4, RFC 4731 section 4. */
final class SearchKeyParser {

  /** Levels of parentheses, NOT and OR. */
  static final int DEPTH_MAX = 50;

  /** Keys of one command. */
  static final int KEYS_MAX = 1000;

  private static final String FLAG_ENTRY = "/flags/";

  private static final List<String> ENTRY_TYPES = List.of("PRIV", "SHARED", "ALL");

  /** RFC 8474 section 7, objectid. */
  private static final Pattern OBJECT_ID = Pattern.compile("[A-Za-z0-9_-]{1,255}");

  private static final List<String> CHARSETS = List.of("US-ASCII", "UTF-8");

  private final CommandScanner in;
  private int keys;

  private SearchKeyParser(CommandScanner in) {
    this.in = in;
  }

  static ImapCommand.Search parse(CommandScanner in, boolean byUid)
      throws IOException, UnacceptableCommandException {
    SearchKeyParser parser = new SearchKeyParser(in);
    String word = parser.wordOrNone();
    if (!word.equals("RETURN")) {
      return parser.search(byUid, Returns.NONE, word);
    }
    Returns returns = returns(in);
    in.space();
    try {
      return parser.search(byUid, returns, parser.wordOrNone());
    } catch (UnacceptableCommandException e) {
      throw returns.options().contains(SearchReturn.SAVE) ? e.ofSavingSearch() : e;
    }
  }

  /**
   * A charset, which must be named here, and what is looked for. RFC 5256 section 5,
   * search-criteria.
   */
  static SearchKey criteria(CommandScanner in) throws IOException, UnacceptableCommandException {
    SearchKeyParser parser = new SearchKeyParser(in);
    parser.charset();
    in.space();
    return parser.keys(parser.wordOrNone());
  }

  /** What stands behind RETURN, with the range of PARTIAL where that is among it. */
  record Returns(Set<SearchReturn> options, Optional<PartialRange> partial) {
    static final Returns NONE = new Returns(Set.of(), Optional.empty());
  }

  /** An option that is named again changes nothing; but of PARTIAL and ALL there is one. */
  static Returns returns(CommandScanner in) throws UnacceptableCommandException {
    EnumSet<SearchReturn> options = EnumSet.noneOf(SearchReturn.class);
    Optional<PartialRange> partial = Optional.empty();
    in.space();
    in.expect('(');
    if (in.take(')')) {
      return new Returns(EnumSet.of(SearchReturn.ALL), partial);
    }
    do {
      SearchReturn option = returnOption(in.word(Extension.Place.SEARCH_RETURN));
      if (option == SearchReturn.PARTIAL && !options.add(option)) {
        throw UnacceptableCommandException.syntax("PARTIAL is there twice");
      }
      options.add(option);
      if (option == SearchReturn.PARTIAL) {
        in.space();
        partial = Optional.of(in.partialRange());
      }
    } while (in.take(' '));
    in.expect(')');
    if (partial.isPresent() && options.contains(SearchReturn.ALL)) {
      throw UnacceptableCommandException.syntax("Either PARTIAL or ALL can be returned");
    }
    return new Returns(options, partial);
  }

  private static SearchReturn returnOption(String word) throws UnacceptableCommandException {
    for (SearchReturn option : SearchReturn.values()) {
      if (option.name().equals(word)) {
        return option;
      }
    }
    throw UnacceptableCommandException.syntax("Unknown SEARCH return option");
  }

  /** The rest of the command, whose next word has been read already. */
  private ImapCommand.Search search(boolean byUid, Returns returns, String first)
      throws IOException, UnacceptableCommandException {
    String word = first;
    Optional<String> charset = Optional.empty();
    if (word.equals("CHARSET")) {
      in.space();
      charset = Optional.of(charset());
      in.space();
      word = wordOrNone();
    }
    return new ImapCommand.Search(byUid, returns.options(), returns.partial(), charset, keys(word));
  }

  /** Keys up to the end of the command, of which the word that comes first has been read. */
  private SearchKey keys(String first) throws IOException, UnacceptableCommandException {
    List<SearchKey> all = new ArrayList<>();
    all.add(first.isEmpty() ? key(0) : named(first, 0));
    while (in.take(' ') && !in.atEnd()) {
      all.add(key(0));
    }
    return all.size() == 1 ? all.get(0) : new SearchKey.And(all);
  }

  /** The word that comes next; empty where a set or a parenthesis does. */
  private String wordOrNone() throws UnacceptableCommandException {
    return startsWithWord() ? in.word() : "";
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
    return !in.isDigitNext() && !in.isNext('*') && !in.isNext('$') && !in.isNext('(');
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
        : new SearchKey.Numbered(false, in.messageSet());
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
    return switch (in.spoken(Extension.Place.SEARCH, word)) {
      case "BCC", "CC", "FROM", "SUBJECT", "TO" -> new SearchKey.Header(word, string());
      case "HEADER" -> new SearchKey.Header(string(), string());
      case "BODY" -> new SearchKey.Body(string());
      case "TEXT" -> new SearchKey.Text(string());
      case "KEYWORD" -> new SearchKey.HasFlag(keyword());
      case "UNKEYWORD" -> not(new SearchKey.HasFlag(keyword()));
      case "LARGER" -> new SearchKey.Sized(true, octets());
      case "SMALLER" -> new SearchKey.Sized(false, octets());
      case "OLDER" -> new SearchKey.Within(true, seconds());
      case "YOUNGER" -> new SearchKey.Within(false, seconds());
      case "MODSEQ" -> modSeq();
      case "EMAILID" -> new SearchKey.EmailId(objectId());
      case "THREADID" -> new SearchKey.ThreadId(objectId());
      case "UID" -> new SearchKey.Numbered(true, messages());
      case "BEFORE" -> dated(false, Relation.BEFORE);
      case "ON" -> dated(false, Relation.ON);
      case "SINCE" -> dated(false, Relation.SINCE);
      case "SENTBEFORE" -> dated(true, Relation.BEFORE);
      case "SENTON" -> dated(true, Relation.ON);
      case "SENTSINCE" -> dated(true, Relation.SINCE);
      case "SAVEDBEFORE" -> new SearchKey.Saved(Relation.BEFORE, date());
      case "SAVEDON" -> new SearchKey.Saved(Relation.ON, date());
      case "SAVEDSINCE" -> new SearchKey.Saved(Relation.SINCE, date());
      // RFC 8514 section 4.3: all, in a mailbox that knows when messages were saved; all here do.
      case "SAVEDATESUPPORTED" -> new SearchKey.All();
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

  private String objectId() throws UnacceptableCommandException {
    in.space();
    String id = in.atom();
    if (!OBJECT_ID.matcher(id).matches()) {
      throw UnacceptableCommandException.syntax("Not an object identifier");
    }
    return id;
  }

  private long octets() throws UnacceptableCommandException {
    in.space();
    return in.number64();
  }

  private long seconds() throws UnacceptableCommandException {
    in.space();
    return in.positiveNumber();
  }

  /**
   * What is named before the number narrows the search where flags have mod-sequences of their own;
   * here messages have one. RFC 7162 section 3.1.5.
   */
  private SearchKey modSeq() throws IOException, UnacceptableCommandException {
    in.space();
    if (in.isNext('"')) {
      entry();
    }
    return new SearchKey.ModSeq(in.modSequence());
  }

  private void entry() throws IOException, UnacceptableCommandException {
    String name = in.astringText().toLowerCase(Locale.ROOT);
    if (!name.startsWith(FLAG_ENTRY) || name.length() == FLAG_ENTRY.length()) {
      throw UnacceptableCommandException.syntax("MODSEQ knows entries of " + FLAG_ENTRY + " alone");
    }
    in.space();
    if (!ENTRY_TYPES.contains(in.word())) {
      throw UnacceptableCommandException.syntax("The type of an entry is priv, shared or all");
    }
    in.space();
  }

  private SequenceSet messages() throws UnacceptableCommandException {
    in.space();
    return in.messageSet();
  }

  private SearchKey dated(boolean sent, Relation relation)
      throws IOException, UnacceptableCommandException {
    return new SearchKey.Dated(sent, relation, date());
  }

  private LocalDate date() throws IOException, UnacceptableCommandException {
    in.space();
    return ImapDate.parseDate(in.astringText());
  }
}
