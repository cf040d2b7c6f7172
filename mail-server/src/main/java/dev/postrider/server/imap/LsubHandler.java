package dev.postrider.server.imap;

import dev.postrider.protocol.imap.ImapCommand;
import dev.postrider.protocol.imap.ImapReply;
import dev.postrider.protocol.imap.ListPattern;
import dev.postrider.protocol.imap.MailboxName;
import dev.postrider.storage.StoreException;
import java.io.IOException;
import java.util.Map;
import java.util.TreeMap;

/**
 * RFC 3501 section 6.3.9: a name that matches by {@code %} and is not subscribed stands for what is
 * subscribed below it.
 */
final class LsubHandler implements CommandHandler<ImapCommand.Lsub> {

  @Override
  public ImapReply handle(ImapCommand.Lsub command, ImapSession session)
      throws IOException, StoreException {
    MailboxTree tree = MailboxTree.of(session.store(), session.account().id());
    ListPattern pattern = new ListPattern(command.reference() + command.pattern().pattern());
    Map<String, Boolean> selectable = new TreeMap<>();
    for (String name : tree.subscriptions()) {
      if (pattern.matches(name)) {
        selectable.put(name, tree.mailbox(name).isPresent());
      } else if (pattern.pattern().endsWith("%")) {
        levelsAbove(name, pattern, tree, selectable);
      }
    }
    for (Map.Entry<String, Boolean> entry : selectable.entrySet()) {
      String attributes = entry.getValue() ? "" : "\\Noselect";
      session
          .writer()
          .atom("* LSUB (" + attributes + ") \"" + MailboxName.SEPARATOR + "\" ")
          .mailbox(entry.getKey())
          .crlf();
    }
    return ImapReply.ok("Subscriptions listed");
  }

  private static void levelsAbove(
      String name, ListPattern pattern, MailboxTree tree, Map<String, Boolean> selectable) {
    int end = name.lastIndexOf(MailboxName.SEPARATOR);
    while (end > 0) {
      String above = name.substring(0, end);
      if (pattern.matches(above) && !tree.isSubscribed(above)) {
        selectable.put(above, false);
      }
      end = name.lastIndexOf(MailboxName.SEPARATOR, end - 1);
    }
  }
}
