package dev.postrider.server.imap;

import dev.postrider.protocol.imap.ImapCommand;
import dev.postrider.protocol.imap.ImapReply;
import dev.postrider.protocol.imap.NotifyGroup;
import dev.postrider.protocol.imap.ResponseCode;
import dev.postrider.storage.StoreException;
import java.io.IOException;
import java.util.Arrays;
import java.util.List;

/** NOTIFY. RFC 5465 section 3.1. */
final class NotifyHandler implements CommandHandler<ImapCommand.Notify> {

  private static final List<String> KNOWN =
      Arrays.stream(NotifyGroup.Event.values()).map(NotifyGroup.Event::text).toList();

  @Override
  public ImapReply handle(ImapCommand.Notify command, ImapSession session)
      throws IOException, StoreException {
    if (command.groups().stream().anyMatch(NotifyGroup::unknown)) {
      return ImapReply.no(ResponseCode.badEvent(KNOWN), "Some of these events are not told here");
    }
    Notifications notifications = session.notifications();
    // What has gathered is told in any case; a client that hears no more knows where it stands.
    notifications.refresh(true, true);
    if (command.groups().isEmpty()) {
      notifications.none();
      return ImapReply.ok("Nothing is told any more");
    }
    return notifications.set(command.groups(), command.status())
        ? ImapReply.ok("It will be told")
        : ImapReply.no(
            ResponseCode.NOTIFICATION_OVERFLOW,
            "At most " + Watch.MAILBOXES_MAX + " mailboxes can be watched");
  }
}
