package dev.postrider.server.imap;

import dev.postrider.protocol.imap.ImapCommand;
import dev.postrider.protocol.imap.ImapCommand.ListReturn;
import dev.postrider.protocol.imap.ImapCommand.ListSelection;
import dev.postrider.protocol.imap.ImapReply;
import dev.postrider.protocol.imap.ImapWriter;
import dev.postrider.protocol.imap.ListPattern;
import dev.postrider.protocol.imap.MailboxName;
import dev.postrider.storage.StoreException;
import dev.postrider.storage.mailboxes.Mailbox;
import dev.postrider.storage.mailboxes.MailboxStatus;
import dev.postrider.storage.mailboxes.Right;
import dev.postrider.storage.mailboxes.SpecialUse;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * RFC 3501 section 6.3.8, RFC 5258, RFC 5819, RFC 6154 section 2, RFC 3348, RFC 4314 section 4, RFC
 * 8440, RFC 9590, RFC 5465 section 5.4.
 *
 * <p>Children and special use are told whether asked for or not: RFC 5258 section 4 and RFC 6154
 * section 2 allow it, and clients that know only the plain command profit.
 */
final class ListHandler implements CommandHandler<ImapCommand.List> {

  @Override
  public ImapReply handle(ImapCommand.List command, ImapSession session)
      throws IOException, StoreException {
    ImapWriter writer = session.writer();
    if (!command.extended() && command.patterns().get(0).pattern().isEmpty()) {
      // Not a pattern but a question for the separator.
      writer.untagged("LIST (\\Noselect) \"" + MailboxName.SEPARATOR + "\" \"\"");
      return ImapReply.ok("Root listed");
    }
    MailboxTree tree = MailboxTree.of(session.store(), session.account().id());
    List<ListPattern> patterns =
        command.patterns().stream()
            // RFC 9051 section 6.3.9: an empty one has no meaning here, and names nothing.
            .filter(pattern -> !pattern.pattern().isEmpty())
            .map(pattern -> new ListPattern(command.reference() + pattern.pattern()))
            .toList();
    for (String name : tree.names()) {
      if (patterns.stream().anyMatch(pattern -> pattern.matches(name))) {
        list(name, tree, command, session);
      }
    }
    return ImapReply.ok("Mailboxes listed");
  }

  /** What LIST tells of a mailbox that is selected. RFC 9051 section 6.3.2. */
  static void writeSelected(String name, ImapSession session) throws IOException, StoreException {
    MailboxTree tree = MailboxTree.of(session.store(), session.account().id());
    Set<ListReturn> returns = Set.of(ListReturn.SUBSCRIBED, ListReturn.CHILDREN);
    list(
        name,
        tree,
        new ImapCommand.List("", List.of(), Set.of(), returns, List.of(), List.of(), true),
        session);
  }

  /**
   * What has become of a name. RFC 5465 section 5.4.
   *
   * @param hidden whether the account may not look into the mailbox
   * @param oldName that the mailbox had
   */
  static void writeChanged(
      String name, MailboxTree tree, boolean hidden, Optional<String> oldName, ImapWriter writer)
      throws IOException {
    List<String> attributes = new ArrayList<>();
    if (hidden) {
      attributes.add("\\NoAccess");
    }
    Set<ListReturn> returns = Set.of(ListReturn.SUBSCRIBED);
    ImapCommand.List command =
        new ImapCommand.List("", List.of(), Set.of(), returns, List.of(), List.of(), true);
    attributes.addAll(attributes(name, tree.mailbox(name), tree, command));
    writer.atom("* LIST (").atom(String.join(" ", attributes));
    writer.atom(") \"" + MailboxName.SEPARATOR + "\" ").mailbox(name);
    if (oldName.isPresent()) {
      writer.atom(" (\"OLDNAME\" (").mailbox(oldName.get()).atom("))");
    }
    writer.crlf();
  }

  private static void list(
      String name, MailboxTree tree, ImapCommand.List command, ImapSession session)
      throws IOException, StoreException {
    ImapWriter writer = session.writer();
    Set<ListSelection> selections = command.selections();
    boolean selected = isSelected(name, tree, selections);
    boolean childSelected =
        selections.contains(ListSelection.RECURSIVEMATCH)
            && tree.anyBelow(name, below -> isSelected(below, tree, selections));
    if (!selected && !childSelected) {
      return;
    }
    Optional<Reached> mailbox = tree.mailbox(name);
    Optional<MailboxStatus> status = Optional.empty();
    boolean readable = mailbox.isPresent() && mailbox.get().may(Right.READ);
    if (selected && readable && !command.status().isEmpty()) {
      status = status(mailbox.get().mailbox(), session);
      mailbox = status.isPresent() ? mailbox : Optional.empty();
    }
    writer.atom("* LIST (").atom(String.join(" ", attributes(name, mailbox, tree, command)));
    writer.atom(") \"" + MailboxName.SEPARATOR + "\" ").mailbox(name);
    if (childSelected) {
      writer.atom(" (\"CHILDINFO\" (").atom(childInfo(selections)).atom("))");
    }
    writer.crlf();
    if (command.returns().contains(ListReturn.MYRIGHTS)
        && mailbox.isPresent()
        && AclHandler.tellsRights(mailbox.get())) {
      AclHandler.writeMine(mailbox.get(), writer);
    }
    if (!command.metadata().isEmpty() && mailbox.isPresent()) {
      MetadataHandler.list(mailbox.get(), command.metadata(), session);
    }
    if (status.isPresent() && mailbox.isPresent()) {
      StatusHandler.write(
          name, mailbox.get().mailbox().id(), command.status(), status.get(), session);
    }
  }

  /** Empty when the mailbox was deleted since the names were looked up. */
  private static Optional<MailboxStatus> status(Mailbox mailbox, ImapSession session)
      throws StoreException {
    try {
      return Optional.of(session.store().mailboxes().status(mailbox.id()));
    } catch (StoreException e) {
      if (e.kind() == StoreException.Kind.NOT_FOUND) {
        return Optional.empty();
      }
      throw e;
    }
  }

  private static boolean isSelected(String name, MailboxTree tree, Set<ListSelection> selections) {
    boolean special = tree.mailbox(name).flatMap(ListHandler::specialUse).isPresent();
    if (selections.contains(ListSelection.SPECIAL_USE) && !special) {
      return false;
    }
    return selections.contains(ListSelection.SUBSCRIBED)
        ? tree.isSubscribed(name)
        : tree.isLevel(name);
  }

  private static List<String> attributes(
      String name, Optional<Reached> mailbox, MailboxTree tree, ImapCommand.List command) {
    List<String> attributes = new ArrayList<>();
    if (mailbox.isEmpty()) {
      attributes.add("\\NonExistent");
      attributes.add("\\Noselect");
    }
    attributes.add(tree.hasChildren(name) ? "\\HasChildren" : "\\HasNoChildren");
    boolean subscriptions =
        command.selections().contains(ListSelection.SUBSCRIBED)
            || command.returns().contains(ListReturn.SUBSCRIBED);
    if (subscriptions && tree.isSubscribed(name)) {
      attributes.add("\\Subscribed");
    }
    mailbox.flatMap(ListHandler::specialUse).ifPresent(use -> attributes.add(use.attribute()));
    return attributes;
  }

  /**
   * A client takes the mailbox that has one for its own; so what others use theirs for is not said.
   */
  private static Optional<SpecialUse> specialUse(Reached mailbox) {
    return mailbox.own() ? mailbox.mailbox().specialUse() : Optional.empty();
  }

  private static String childInfo(Set<ListSelection> selections) {
    List<String> info = new ArrayList<>();
    if (selections.contains(ListSelection.SUBSCRIBED)) {
      info.add("\"SUBSCRIBED\"");
    }
    if (selections.contains(ListSelection.SPECIAL_USE)) {
      info.add("\"SPECIAL-USE\"");
    }
    return String.join(" ", info);
  }
}
