package dev.postrider.server.imap;

import dev.postrider.protocol.imap.MailboxName;
import dev.postrider.protocol.imap.NotifyGroup;
import dev.postrider.protocol.imap.NotifyGroup.Event;
import dev.postrider.storage.mailboxes.Mailboxes;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import java.util.function.Predicate;

/** Which events a client wants of a name, but for the mailbox that is selected. */
final class NotifyScope {

  private final List<NotifyGroup> groups;

  NotifyScope(List<NotifyGroup> groups) {
    this.groups =
        groups.stream().filter(group -> !(group.filter() instanceof NotifyGroup.Selected)).toList();
  }

  /** Those of all groups together. RFC 5465 section 6. */
  Set<Event> events(String name, Predicate<String> subscribed) {
    EnumSet<Event> events = EnumSet.noneOf(Event.class);
    for (NotifyGroup group : groups) {
      if (covers(group.filter(), name, subscribed)) {
        events.addAll(group.events());
      }
    }
    return events;
  }

  boolean wants(Event event) {
    return groups.stream().anyMatch(group -> group.events().contains(event));
  }

  private static boolean covers(
      NotifyGroup.Filter filter, String name, Predicate<String> subscribed) {
    return switch (filter) {
      case NotifyGroup.Selected selected -> false;
      // Mail is delivered nowhere else.
      case NotifyGroup.Inboxes inboxes -> name.equals(Mailboxes.INBOX);
      case NotifyGroup.Personal personal -> !Namespaces.isOfOthers(name);
      case NotifyGroup.Subscribed all -> subscribed.test(name);
      case NotifyGroup.Subtree tree ->
          tree.names().stream()
              .anyMatch(top -> name.equals(top) || name.startsWith(top + MailboxName.SEPARATOR));
      case NotifyGroup.Mailboxes mailboxes -> mailboxes.names().contains(name);
    };
  }
}
