package dev.postrider.protocol.imap;

import dev.postrider.protocol.imap.NotifyGroup.Event;
import dev.postrider.protocol.imap.NotifyGroup.Filter;
import java.io.IOException;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Locale;

/** NOTIFY. RFC 5465 section 8. */
final class NotifyParser {

  /** Groups of one command. */
  static final int GROUPS_MAX = 100;

  /** Names of one command. */
  static final int NAMES_MAX = 1000;

  private final CommandScanner in;
  private int names;

  NotifyParser(CommandScanner in) {
    this.in = in;
  }

  /** Behind the name of the command and a space. */
  ImapCommand parse() throws IOException, UnacceptableCommandException {
    String word = in.word();
    if (word.equals("NONE")) {
      return new ImapCommand.Notify(false, List.of());
    }
    if (!word.equals("SET")) {
      throw UnacceptableCommandException.syntax("NOTIFY takes SET or NONE");
    }
    in.space();
    boolean status = in.isLetterNext();
    if (status) {
      if (!in.word().equals("STATUS")) {
        throw UnacceptableCommandException.syntax("NOTIFY SET takes STATUS and groups of events");
      }
      in.space();
    }
    List<NotifyGroup> groups = new ArrayList<>();
    do {
      require(groups.size() < GROUPS_MAX, GROUPS_MAX + " groups");
      groups.add(group());
    } while (in.take(' '));
    if (groups.stream().filter(NotifyParser::isOfSelected).count() > 1) {
      throw UnacceptableCommandException.syntax("The selected mailbox is named twice");
    }
    return new ImapCommand.Notify(status, groups);
  }

  private static boolean isOfSelected(NotifyGroup group) {
    return group.filter() instanceof NotifyGroup.Selected;
  }

  private static void require(boolean fits, String most) throws UnacceptableCommandException {
    if (!fits) {
      throw new UnacceptableCommandException(ImapReply.no(ResponseCode.LIMIT, "More than " + most));
    }
  }

  private NotifyGroup group() throws IOException, UnacceptableCommandException {
    in.expect('(');
    Filter filter = filter(in.word());
    in.space();
    EnumSet<Event> events = EnumSet.noneOf(Event.class);
    List<FetchItem> attributes = new ArrayList<>();
    boolean unknown = false;
    if (in.take('(')) {
      do {
        unknown |= !event(events, attributes);
      } while (in.take(' '));
      in.expect(')');
    } else if (!in.word().equals("NONE")) {
      throw UnacceptableCommandException.syntax("Events are a list or NONE");
    }
    in.expect(')');
    NotifyGroup group = new NotifyGroup(filter, events, attributes, unknown);
    requireSense(group);
    return group;
  }

  /** RFC 5465 section 5 and 6.1. */
  private static void requireSense(NotifyGroup group) throws UnacceptableCommandException {
    boolean comes = group.events().contains(Event.MESSAGE_NEW);
    boolean goes = group.events().contains(Event.MESSAGE_EXPUNGE);
    if (comes != goes || (!comes && group.events().contains(Event.FLAG_CHANGE))) {
      throw UnacceptableCommandException.syntax(
          "MessageNew and MessageExpunge come together, and FlagChange with them");
    }
    if (isOfSelected(group) && !group.events().stream().allMatch(Event::isOfMessages)) {
      throw UnacceptableCommandException.syntax(
          "Of the selected mailbox there are events of messages alone");
    }
    if (!isOfSelected(group) && !group.attributes().isEmpty()) {
      throw UnacceptableCommandException.syntax(
          "Attributes are told of the selected mailbox alone");
    }
  }

  private Filter filter(String word) throws IOException, UnacceptableCommandException {
    return switch (word) {
      case "SELECTED" -> new NotifyGroup.Selected(false);
      case "SELECTED-DELAYED" -> new NotifyGroup.Selected(true);
      case "INBOXES" -> new NotifyGroup.Inboxes();
      case "PERSONAL" -> new NotifyGroup.Personal();
      case "SUBSCRIBED" -> new NotifyGroup.Subscribed();
      case "SUBTREE" -> new NotifyGroup.Subtree(mailboxes());
      case "MAILBOXES" -> new NotifyGroup.Mailboxes(mailboxes());
      default -> throw UnacceptableCommandException.syntax("Unknown mailboxes");
    };
  }

  private List<String> mailboxes() throws IOException, UnacceptableCommandException {
    in.space();
    List<String> mailboxes = new ArrayList<>();
    if (!in.take('(')) {
      mailboxes.add(mailbox());
      return mailboxes;
    }
    do {
      mailboxes.add(mailbox());
    } while (in.take(' '));
    in.expect(')');
    return mailboxes;
  }

  private String mailbox() throws IOException, UnacceptableCommandException {
    names++;
    require(names <= NAMES_MAX, NAMES_MAX + " mailboxes");
    return in.mailbox();
  }

  /** Whether it is one that we know. */
  private boolean event(EnumSet<Event> events, List<FetchItem> attributes)
      throws IOException, UnacceptableCommandException {
    String name = in.atom().toUpperCase(Locale.ROOT);
    for (Event event : Event.values()) {
      if (event.text().toUpperCase(Locale.ROOT).equals(name)) {
        events.add(event);
        if (event == Event.MESSAGE_NEW && in.takeList()) {
          attributes.addAll(FetchItemsParser.rest(in));
        }
        return true;
      }
    }
    return false;
  }
}
