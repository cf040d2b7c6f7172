package dev.postrider.server.imap;

import dev.postrider.protocol.imap.MailboxName;
import dev.postrider.storage.Store;
import dev.postrider.storage.StoreException;
import dev.postrider.storage.accounts.AccountId;
import dev.postrider.storage.mailboxes.Mailbox;
import dev.postrider.storage.mailboxes.Mailboxes;
import dev.postrider.storage.mailboxes.Right;
import dev.postrider.storage.mailboxes.Sharing;
import java.util.Comparator;
import java.util.Optional;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * The mailbox names of an account at one moment: mailboxes, its own and those of others that it may
 * list, subscriptions, and the levels above mailboxes that are not there themselves. INBOX is
 * first.
 */
final class MailboxTree {

  private static final Comparator<String> INBOX_FIRST =
      Comparator.<String, Boolean>comparing(
              name ->
                  !name.equals(Mailboxes.INBOX)
                      && !name.startsWith(Mailboxes.INBOX + MailboxName.SEPARATOR))
          .thenComparing(Comparator.naturalOrder());

  private final TreeMap<String, Optional<Reached>> names = new TreeMap<>(INBOX_FIRST);
  private final SortedSet<String> subscriptions;

  private MailboxTree(SortedSet<String> subscriptions) {
    this.subscriptions = subscriptions;
  }

  static MailboxTree of(Store store, AccountId account) throws StoreException {
    SortedSet<String> subscriptions = new TreeSet<>(store.mailboxes().subscriptions(account));
    MailboxTree tree = new MailboxTree(subscriptions);
    for (Mailbox mailbox : store.mailboxes().list(account)) {
      tree.names.put(mailbox.name(), Optional.of(Reached.own(mailbox)));
    }
    for (Sharing.Shared shared : store.sharing().sharedWith(account)) {
      if (shared.rights().has(Right.LOOKUP)) {
        String name = Namespaces.name(shared.owner(), shared.mailbox().name());
        Reached reached = new Reached(name, shared.mailbox(), false, shared.rights());
        tree.names.putIfAbsent(name, Optional.of(reached));
      }
    }
    for (String name : new TreeSet<>(tree.names.keySet())) {
      tree.addLevelsAbove(name);
    }
    for (String name : subscriptions) {
      tree.names.putIfAbsent(name, Optional.empty());
    }
    return tree;
  }

  private void addLevelsAbove(String name) {
    for (String above = above(name); above != null; above = above(above)) {
      names.putIfAbsent(above, Optional.empty());
    }
  }

  private static @Nullable String above(String name) {
    int end = name.lastIndexOf(MailboxName.SEPARATOR);
    return end <= 0 ? null : name.substring(0, end);
  }

  /** All names, in order. */
  Iterable<String> names() {
    return names.keySet();
  }

  /** The mailbox of that name; empty for a name that stands for none. */
  Optional<Reached> mailbox(String name) {
    return names.getOrDefault(name, Optional.empty());
  }

  boolean isSubscribed(String name) {
    return subscriptions.contains(name);
  }

  SortedSet<String> subscriptions() {
    return subscriptions;
  }

  /** Whether a mailbox is below {@code name}. */
  boolean hasChildren(String name) {
    return anyBelow(name, below -> mailbox(below).isPresent());
  }

  /** Whether {@code name} is listed without being asked for by subscription. */
  boolean isLevel(String name) {
    return mailbox(name).isPresent() || hasChildren(name);
  }

  /** Whether a name below {@code name} passes. */
  boolean anyBelow(String name, Predicate<String> passes) {
    String prefix = name + MailboxName.SEPARATOR;
    for (String below : names.tailMap(prefix, true).keySet()) {
      if (!below.startsWith(prefix)) {
        return false;
      }
      if (passes.test(below)) {
        return true;
      }
    }
    return false;
  }
}
