package dev.postrider.protocol.imap;

import dev.postrider.protocol.imap.ImapCommand.ListReturn;
import dev.postrider.protocol.imap.ImapCommand.ListSelection;
import dev.postrider.protocol.imap.ImapCommand.StatusItem;
import java.io.IOException;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;

/** What RFC 5258 section 6, RFC 5819 section 4, RFC 8440 and RFC 9590 add to LIST. */
final class ListOptionsParser {

  /** Patterns of one command. */
  static final int PATTERNS_MAX = 100;

  /** What stands behind RETURN. */
  record Returns(Set<ListReturn> options, List<StatusItem> status, List<String> metadata) {
    static final Returns NONE = new Returns(Set.of(), List.of(), List.of());
  }

  private final CommandScanner in;

  ListOptionsParser(CommandScanner in) {
    this.in = in;
  }

  EnumSet<ListSelection> selections() throws UnacceptableCommandException {
    EnumSet<ListSelection> selections = EnumSet.noneOf(ListSelection.class);
    in.expect('(');
    while (!in.take(')')) {
      selections.add(
          switch (in.word()) {
            case "SUBSCRIBED" -> ListSelection.SUBSCRIBED;
            case "REMOTE" -> ListSelection.REMOTE;
            case "RECURSIVEMATCH" -> ListSelection.RECURSIVEMATCH;
            case "SPECIAL-USE" -> ListSelection.SPECIAL_USE;
            default -> throw UnacceptableCommandException.syntax("Unknown LIST selection option");
          });
      separator();
    }
    if (selections.contains(ListSelection.RECURSIVEMATCH)
        && !selections.contains(ListSelection.SUBSCRIBED)
        && !selections.contains(ListSelection.SPECIAL_USE)) {
      throw UnacceptableCommandException.syntax(
          "RECURSIVEMATCH needs SUBSCRIBED or SPECIAL-USE beside it");
    }
    return selections;
  }

  List<ListPattern> patterns() throws IOException, UnacceptableCommandException {
    List<ListPattern> patterns = new ArrayList<>();
    if (!in.take('(')) {
      patterns.add(new ListPattern(in.listMailbox()));
      return patterns;
    }
    do {
      patterns.add(new ListPattern(in.listMailbox()));
      if (patterns.size() > PATTERNS_MAX) {
        throw UnacceptableCommandException.syntax("More than " + PATTERNS_MAX + " patterns");
      }
    } while (in.take(' '));
    in.expect(')');
    return patterns;
  }

  /** The return options, from the space before RETURN. */
  Returns returns() throws IOException, UnacceptableCommandException {
    EnumSet<ListReturn> options = EnumSet.noneOf(ListReturn.class);
    List<StatusItem> status = List.of();
    List<String> metadata = List.of();
    in.space();
    if (in.atEnd()) {
      return Returns.NONE;
    }
    if (!in.word().equals("RETURN")) {
      throw UnacceptableCommandException.syntax("Expected RETURN behind the patterns");
    }
    in.space();
    in.expect('(');
    while (!in.take(')')) {
      switch (in.word(Extension.Place.LIST_RETURN)) {
        case "SUBSCRIBED" -> options.add(ListReturn.SUBSCRIBED);
        case "CHILDREN" -> options.add(ListReturn.CHILDREN);
        case "SPECIAL-USE" -> options.add(ListReturn.SPECIAL_USE);
        case "MYRIGHTS" -> options.add(ListReturn.MYRIGHTS);
        case "METADATA" -> {
          in.space();
          metadata = new MetadataParser(in).entries();
        }
        case "STATUS" -> {
          in.space();
          status = CommandParser.statusItems(in);
        }
        default -> throw UnacceptableCommandException.syntax("Unknown LIST return option");
      }
      separator();
    }
    return new Returns(options, status, metadata);
  }

  /** Between two options a space, behind the last one the parenthesis. */
  private void separator() throws UnacceptableCommandException {
    if (!in.take(' ') && !in.isNext(')')) {
      throw in.wanted("a space or ')'");
    }
  }
}
