package dev.postrider.server.imap;

import dev.postrider.protocol.imap.Extension;
import dev.postrider.protocol.imap.ImapCommand;
import dev.postrider.protocol.imap.ImapReply;
import dev.postrider.protocol.imap.MailboxName;
import dev.postrider.protocol.imap.ResponseCode;
import dev.postrider.storage.StoreException;
import dev.postrider.storage.mailboxes.Mailbox;
import dev.postrider.storage.mailboxes.Mailboxes;
import dev.postrider.storage.mailboxes.SpecialUse;
import java.io.IOException;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * CREATE, DELETE, RENAME, SUBSCRIBE, UNSUBSCRIBE and NAMESPACE: what concerns mailboxes as wholes.
 * RFC 3501 section 6.3.3 to 6.3.7, RFC 2342, RFC 6154 section 3.
 */
final class MailboxNamesHandler {

  private static final Logger log = LoggerFactory.getLogger(MailboxNamesHandler.class);

  /**
   * More than one mailbox may be for the same: so somebody can make another one for it before the
   * old one goes. RFC 6154 section 3.
   */
  ImapReply create(ImapCommand.Create command, ImapSession session) throws StoreException {
    if (!isCreatable(command.mailbox(), session)) {
      return notCreatable();
    }
    @Nullable SpecialUse use = null;
    for (String attribute : command.uses()) {
      if (use != null || SpecialUse.of(attribute).isEmpty()) {
        return ImapReply.no(
            ResponseCode.USE_ATTR, "One special use for a mailbox, and none that is virtual");
      }
      use = SpecialUse.of(attribute).get();
    }
    Mailbox made = mailboxes(session).create(session.account().id(), command.mailbox(), use);
    log.info("imap.created session={} mailbox={}", session.connection().id(), made.id().value());
    return session.speaks(Extension.OBJECTID)
        ? ImapReply.ok(ResponseCode.mailboxId(ObjectIds.of(made.id())), "Created")
        : ImapReply.ok("Created");
  }

  /** A mailbox that is selected here is no longer; one that is selected elsewhere ends there. */
  ImapReply delete(ImapCommand.Delete command, ImapSession session) throws StoreException {
    if (command.mailbox().equals(Mailboxes.INBOX)) {
      return ImapReply.no(ResponseCode.CANNOT, "INBOX cannot be deleted");
    }
    Optional<Mailbox> mailbox = find(command.mailbox(), session);
    if (mailbox.isEmpty()) {
      return nonexistent();
    }
    mailboxes(session).delete(mailbox.get().id());
    if (session.isSelected() && session.mailbox().mailbox().id().equals(mailbox.get().id())) {
      session.unselect();
    }
    log.info(
        "imap.deleted session={} mailbox={}",
        session.connection().id(),
        mailbox.get().id().value());
    return ImapReply.ok("Deleted");
  }

  ImapReply rename(ImapCommand.Rename command, ImapSession session) throws StoreException {
    if (!isCreatable(command.newName(), session)) {
      return notCreatable();
    }
    if (command.newName().startsWith(command.mailbox() + MailboxName.SEPARATOR)
        && !command.mailbox().equals(Mailboxes.INBOX)) {
      return ImapReply.no(ResponseCode.CANNOT, "A mailbox cannot move below itself");
    }
    Optional<Mailbox> mailbox = find(command.mailbox(), session);
    if (mailbox.isEmpty()) {
      return nonexistent();
    }
    mailboxes(session).rename(mailbox.get().id(), command.newName());
    log.info(
        "imap.renamed session={} mailbox={}",
        session.connection().id(),
        mailbox.get().id().value());
    return ImapReply.ok("Renamed");
  }

  /** Names need not exist. RFC 3501 section 6.3.6 lets the server choose. */
  ImapReply subscribe(ImapCommand.Subscribe command, ImapSession session) throws StoreException {
    if (!MailboxName.isCreatable(command.mailbox())) {
      return notCreatable();
    }
    mailboxes(session).subscribe(session.account().id(), command.mailbox());
    return ImapReply.ok("Subscribed");
  }

  ImapReply unsubscribe(ImapCommand.Unsubscribe command, ImapSession session)
      throws StoreException {
    mailboxes(session).unsubscribe(session.account().id(), command.mailbox());
    return ImapReply.ok("Unsubscribed");
  }

  /** One personal namespace without a prefix, nothing of others, nothing shared. */
  ImapReply namespace(ImapSession session) throws IOException {
    session.writer().untagged("NAMESPACE ((\"\" \"" + MailboxName.SEPARATOR + "\")) NIL NIL");
    return ImapReply.ok("Namespaces listed");
  }

  private static Mailboxes mailboxes(ImapSession session) {
    return session.store().mailboxes();
  }

  private static Optional<Mailbox> find(String name, ImapSession session) throws StoreException {
    return mailboxes(session).find(session.account().id(), name);
  }

  /**
   * Whoever writes names in UTF-8 makes normalized ones alone. Names that others have made are left
   * as they are, and can be used by all. RFC 9051 section 5.1.
   */
  private static boolean isCreatable(String name, ImapSession session) {
    return MailboxName.isCreatable(name) && (!session.isRev2() || MailboxName.isNormalized(name));
  }

  private static ImapReply nonexistent() {
    return ImapReply.no(ResponseCode.NONEXISTENT, "No such mailbox");
  }

  private static ImapReply notCreatable() {
    return ImapReply.no(
        ResponseCode.CANNOT,
        "A name has no empty level and no control character, and UTF-8 in normalization form C");
  }
}
