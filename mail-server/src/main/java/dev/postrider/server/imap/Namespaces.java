package dev.postrider.server.imap;

import dev.postrider.protocol.address.MailAddress;
import dev.postrider.protocol.imap.MailboxName;
import dev.postrider.storage.StoreException;
import dev.postrider.storage.accounts.Account;
import dev.postrider.storage.accounts.AccountId;
import dev.postrider.storage.mailboxes.Mailbox;
import dev.postrider.storage.mailboxes.Mailboxes;
import dev.postrider.storage.mailboxes.Right;
import dev.postrider.storage.mailboxes.Rights;
import java.util.Optional;

/**
 * Which mailbox a name stands for. RFC 2342.
 *
 * <p>Own mailboxes have their names. Those of others have <code>Other Users/bob@a.test/</code>
 * before it, with the address as the account has it; so each has one name only. An account that has
 * mailboxes of its own below such a level, from another server or an earlier time, goes on to reach
 * those by it: what is one's own comes first.
 *
 * <p>In an address a slash is written <code>%2F</code>, and a percent sign <code>%25</code>, so
 * that it is one level.
 */
final class Namespaces {

  /** Above the mailboxes of all others. */
  static final String OTHERS = "Other Users";

  private static final String OTHERS_PREFIX = OTHERS + MailboxName.SEPARATOR;

  private Namespaces() {}

  /** What {@code name} stands for; empty when nothing may be done with it, or it is not there. */
  static Optional<Reached> find(String name, ImapSession session) throws StoreException {
    Mailboxes mailboxes = session.store().mailboxes();
    AccountId account = session.account().id();
    Optional<Mailbox> own = mailboxes.find(account, name);
    if (own.isPresent()) {
      return own.map(Reached::own);
    }
    Optional<Path> path = path(name, session);
    if (path.isEmpty()) {
      return Optional.empty();
    }
    Optional<Mailbox> mailbox = mailboxes.find(path.get().owner().id(), path.get().name());
    if (mailbox.isEmpty()) {
      return Optional.empty();
    }
    Rights rights = session.store().sharing().rights(mailbox.get(), account);
    return rights.isEmpty()
        ? Optional.empty()
        : Optional.of(
            new Reached(
                name(path.get().owner().address(), mailbox.get().name()),
                mailbox.get(),
                false,
                rights));
  }

  /** Whether {@code name} is, or would be, that of a mailbox of somebody else, or a level there. */
  static boolean isOfOthers(String name) {
    return name.equals(OTHERS) || name.startsWith(OTHERS_PREFIX);
  }

  /**
   * Where a mailbox of {@code name} would be made: the account, and its name there. Empty when it
   * may not be made: in the mailboxes of others that takes a right on the nearest one above it. RFC
   * 4314 section 4.
   */
  static Optional<Place> place(String name, ImapSession session) throws StoreException {
    if (!isOfOthers(name)) {
      return Optional.of(new Place(session.account().id(), name));
    }
    Optional<Path> path = path(name, session);
    if (path.isEmpty()) {
      return Optional.empty();
    }
    AccountId owner = path.get().owner().id();
    String wanted = path.get().name();
    for (String above = above(wanted); !above.isEmpty(); above = above(above)) {
      Optional<Mailbox> mailbox = session.store().mailboxes().find(owner, above);
      if (mailbox.isPresent()) {
        Rights rights = session.store().sharing().rights(mailbox.get(), session.account().id());
        return rights.has(Right.CREATE) ? Optional.of(new Place(owner, wanted)) : Optional.empty();
      }
    }
    return Optional.empty();
  }

  /** Where a mailbox is to be. */
  record Place(AccountId owner, String name) {}

  /** The name under which others reach the mailbox {@code name} of {@code owner}. */
  static String name(MailAddress owner, String name) {
    return OTHERS_PREFIX + level(owner) + MailboxName.SEPARATOR + name;
  }

  private static String level(MailAddress address) {
    return address.toString().replace("%", "%25").replace("/", "%2F");
  }

  private record Path(Account owner, String name) {}

  /** Empty when it is no name of a mailbox of another account that exists. */
  private static Optional<Path> path(String name, ImapSession session) throws StoreException {
    if (!name.startsWith(OTHERS_PREFIX)) {
      return Optional.empty();
    }
    int end = name.indexOf(MailboxName.SEPARATOR, OTHERS_PREFIX.length());
    if (end < 0) {
      return Optional.empty();
    }
    String level = name.substring(OTHERS_PREFIX.length(), end);
    Optional<MailAddress> address =
        MailAddress.parse(level.replace("%2F", "/").replace("%25", "%"));
    if (address.isEmpty()) {
      return Optional.empty();
    }
    return session
        .store()
        .accounts()
        .find(address.get())
        .filter(owner -> !owner.id().equals(session.account().id()))
        .filter(owner -> level(owner.address()).equals(level))
        .map(owner -> new Path(owner, name.substring(end + 1)));
  }

  private static String above(String name) {
    return name.substring(0, Math.max(0, name.lastIndexOf(MailboxName.SEPARATOR)));
  }
}
