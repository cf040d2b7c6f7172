package dev.postrider.protocol.imap;

import dev.postrider.protocol.imap.ImapCommand.MetadataDepth;
import dev.postrider.protocol.text.Octets;
import java.io.IOException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;

/** GETMETADATA and SETMETADATA. RFC 5464 section 5. */
final class MetadataParser {

  /** Entries of one command. */
  static final int ENTRIES_MAX = 100;

  /** Octets of the name of an entry. */
  static final int NAME_OCTETS_MAX = 255;

  private static final String SHARED = "/shared";
  private static final String PRIVATE = "/private";

  private final CommandScanner in;

  MetadataParser(CommandScanner in) {
    this.in = in;
  }

  private record Options(OptionalLong maxSize, MetadataDepth depth) {}

  /** Behind the name of the command and a space. */
  ImapCommand get() throws IOException, UnacceptableCommandException {
    Options options = new Options(OptionalLong.empty(), MetadataDepth.ZERO);
    boolean told = in.take('(');
    if (told) {
      options = options();
      in.space();
    }
    String mailbox = in.mailbox();
    in.space();
    boolean list = in.take('(');
    // Leniency.METADATA_OPTIONS_BEHIND: an entry begins with a slash, as it is or quoted.
    if (list && !told && in.isLetterNext()) {
      options = options();
      in.space();
      list = in.take('(');
    }
    List<String> entries = list ? rest() : List.of(entry(true));
    return new ImapCommand.GetMetadata(mailbox, entries, options.maxSize(), options.depth());
  }

  /** One entry, or several in parentheses. */
  List<String> entries() throws IOException, UnacceptableCommandException {
    return in.take('(') ? rest() : List.of(entry(false));
  }

  /** The entries of a list and its end. */
  private List<String> rest() throws IOException, UnacceptableCommandException {
    List<String> entries = new ArrayList<>();
    do {
      requireRoom(entries.size());
      entries.add(entry(true));
    } while (in.take(' '));
    in.expect(')');
    return entries;
  }

  private static void requireRoom(int entries) throws UnacceptableCommandException {
    if (entries == ENTRIES_MAX) {
      throw new UnacceptableCommandException(
          ImapReply.no(ResponseCode.LIMIT, "More than " + ENTRIES_MAX + " entries"));
    }
  }

  /** The options of a list and its end. */
  private Options options() throws UnacceptableCommandException {
    OptionalLong maxSize = OptionalLong.empty();
    MetadataDepth depth = MetadataDepth.ZERO;
    do {
      String option = in.word();
      in.space();
      switch (option) {
        case "MAXSIZE" -> maxSize = OptionalLong.of(in.number());
        case "DEPTH" -> depth = depth(in.word());
        default -> throw UnacceptableCommandException.syntax("Unknown option of GETMETADATA");
      }
    } while (in.take(' '));
    in.expect(')');
    return new Options(maxSize, depth);
  }

  private static MetadataDepth depth(String word) throws UnacceptableCommandException {
    return switch (word) {
      case "0" -> MetadataDepth.ZERO;
      case "1" -> MetadataDepth.ONE;
      case "INFINITY" -> MetadataDepth.INFINITY;
      default -> throw UnacceptableCommandException.syntax("DEPTH is 0, 1 or infinity");
    };
  }

  /** Behind the name of the command and a space. */
  ImapCommand set() throws IOException, UnacceptableCommandException {
    String mailbox = in.mailbox();
    in.space();
    in.expect('(');
    Map<String, Optional<Octets>> values = new LinkedHashMap<>();
    do {
      requireRoom(values.size());
      String entry = entry(false);
      in.space();
      values.put(entry, value());
    } while (in.take(' '));
    in.expect(')');
    return new ImapCommand.SetMetadata(mailbox, values);
  }

  /** A string, a literal that may have NUL, or NIL. */
  private Optional<Octets> value() throws IOException, UnacceptableCommandException {
    if (in.take('~') || in.isNext('{')) {
      return Optional.of(Octets.of(in.literal(ImapCommand.SetMetadata.VALUE_OCTETS_MAX)));
    }
    return in.nstringOctets().map(Octets::of);
  }

  /**
   * The name of an entry, in lower case. RFC 5464 section 3.2.
   *
   * @param top whether it may be all that is shared, or private
   */
  private String entry(boolean top) throws IOException, UnacceptableCommandException {
    String name = in.astringText().toLowerCase(Locale.ROOT);
    boolean known = name.startsWith(SHARED + "/") || name.startsWith(PRIVATE + "/");
    boolean isTop = name.equals(SHARED) || name.equals(PRIVATE);
    boolean printable = name.chars().allMatch(c -> c >= ' ' && c < 0x7f && c != '*' && c != '%');
    boolean whole = !name.endsWith("/") && !name.contains("//");
    if (!(known || (top && isTop)) || !printable || !whole) {
      throw UnacceptableCommandException.syntax(
          "An entry is /shared/... or /private/..., without *, % and empty levels");
    }
    if (name.length() > NAME_OCTETS_MAX) {
      throw new UnacceptableCommandException(
          ImapReply.no(ResponseCode.LIMIT, "Entries have at most " + NAME_OCTETS_MAX + " octets"));
    }
    return name;
  }
}
