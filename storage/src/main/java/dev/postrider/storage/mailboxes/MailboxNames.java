package dev.postrider.storage.mailboxes;

import dev.postrider.storage.StoreException;
import dev.postrider.storage.StoreException.Kind;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;

/** The rules for names of mailboxes. RFC 3501 section 5.1. */
final class MailboxNames {

  /** INBOX first, the others as they sort. */
  static final Comparator<Mailbox> ORDER =
      Comparator.<Mailbox, Boolean>comparing(mailbox -> !mailbox.name().equals(Mailboxes.INBOX))
          .thenComparing(Mailbox::name);

  private static final String SEPARATOR = String.valueOf(Mailboxes.SEPARATOR);

  private MailboxNames() {}

  /** INBOX, as a first level, is written in capitals. RFC 3501 section 5.1. */
  static String canonical(String name) {
    int inbox = Mailboxes.INBOX.length();
    boolean inboxFirst =
        name.length() >= inbox
            && name.substring(0, inbox).toUpperCase(Locale.ROOT).equals(Mailboxes.INBOX)
            && (name.length() == inbox || name.charAt(inbox) == Mailboxes.SEPARATOR);
    return inboxFirst ? Mailboxes.INBOX + name.substring(inbox) : name;
  }

  /** The canonical name. Throws REFUSED with the reason. */
  static String require(String name) throws StoreException {
    if (name.getBytes(StandardCharsets.UTF_8).length > Mailboxes.NAME_OCTETS_MAX) {
      throw refused("name is longer than " + Mailboxes.NAME_OCTETS_MAX + " octets");
    }
    if (!StandardCharsets.UTF_8.newEncoder().canEncode(name)) {
      throw refused("name has half a surrogate pair");
    }
    if (name.chars().anyMatch(Character::isISOControl)) {
      throw refused("name has a control character");
    }
    List<String> levels = List.of(name.split(SEPARATOR, -1));
    if (levels.size() > Mailboxes.LEVELS_MAX) {
      throw refused("name has more than " + Mailboxes.LEVELS_MAX + " levels");
    }
    if (levels.contains("")) {
      throw refused("name has an empty level");
    }
    return canonical(name);
  }

  /** The names above {@code name}, highest first. */
  static List<String> superior(String name) {
    List<String> names = new ArrayList<>();
    int at = name.indexOf(Mailboxes.SEPARATOR);
    while (at >= 0) {
      names.add(name.substring(0, at));
      at = name.indexOf(Mailboxes.SEPARATOR, at + 1);
    }
    return names;
  }

  static boolean isBelow(String name, String superior) {
    return name.startsWith(superior + SEPARATOR);
  }

  private static StoreException refused(String why) {
    return new StoreException(Kind.REFUSED, why);
  }
}
