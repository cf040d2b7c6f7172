package dev.postrider.server.imap;

import dev.postrider.protocol.imap.Extension;
import dev.postrider.protocol.imap.ImapCommand;
import dev.postrider.protocol.imap.ImapReply;
import dev.postrider.protocol.imap.MailboxName;
import dev.postrider.protocol.imap.ResponseCode;
import dev.postrider.storage.StoreException;
import dev.postrider.storage.mailboxes.Mailbox;
import dev.postrider.storage.mailboxes.Mailboxes;
import dev.postrider.storage.mailboxes.Right;
import dev.postrider.storage.mailboxes.SpecialUse;
import java.io.IOException;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * CREATE, DELETE, RENAME, SUBSCRIBE, UNSUBSCRIBE and NAMESPACE: what concerns mailboxes as wholes.
 * RFC 3501 section 6.3.3 to 6.3.7, RFC 2342, RFC 4314 section 4, RFC 6154 section 3.
 */
final class MailboxNamesHandler {

  private static final Logger log = LoggerFactory.getLogger(MailboxNamesHandler.class);

  /**
   * More than one mailbox may be for the same: so somebody can make another one for it before the
   * old one goes. RFC 6154 section 3.
   */
  ImapReply create(ImapCommand.Create command, ImapSession session) throws StoreException {
    if (!session.dialect().isCreatable(command.mailbox())) {
      return notCreatable();
    }
    Optional<Namespaces.Place> place = Namespaces.place(command.mailbox(), session);
    if (place.isEmpty()) {
      return noPlace();
    }
    boolean own = place.get().owner().equals(session.account().id());
    @Nullable SpecialUse use = null;
    for (String attribute : command.uses()) {
      if (use != null || !own || SpecialUse.of(attribute).isEmpty()) {
        return ImapReply.no(
            ResponseCode.USE_ATTR,
            "One special use for a mailbox of yours, and none that is virtual");
      }
      use = SpecialUse.of(attribute).get();
    }
    Mailbox made = mailboxes(session).create(place.get().owner(), place.get().name(), use);
    log.info("imap.created session={} mailbox={}", session.connection().id(), made.id().value());
    return session.speaks(Extension.OBJECTID)
        ? ImapReply.ok(ResponseCode.mailboxId(ObjectIds.of(made.id())), "Created")
        : ImapReply.ok("Created");
  }

  /** A mailbox that is selected here is no longer; one that is selected elsewhere ends there. */
  ImapReply delete(ImapCommand.Delete command, ImapSession session) throws StoreException {
    Optional<Reached> found = Namespaces.find(command.mailbox(), session);
    Optional<ImapReply> refusal = Reached.refusal(found, Right.DELETE, Reached.nonexistent());
    if (refusal.isPresent()) {
      return refusal.get();
    }
    Mailbox mailbox = found.orElseThrow().mailbox();
    if (mailbox.name().equals(Mailboxes.INBOX)) {
      return ImapReply.no(ResponseCode.CANNOT, "INBOX cannot be deleted");
    }
    mailboxes(session).delete(mailbox.id());
    if (session.isSelected() && session.mailbox().mailbox().id().equals(mailbox.id())) {
      session.unselect();
    }
    log.info("imap.deleted session={} mailbox={}", session.connection().id(), mailbox.id().value());
    return ImapReply.ok("Deleted");
  }

  /** A mailbox stays with its account, and the INBOX of somebody else where it is. */
  ImapReply rename(ImapCommand.Rename command, ImapSession session) throws StoreException {
    if (!session.dialect().isCreatable(command.newName())) {
      return notCreatable();
    }
    if (command.newName().startsWith(command.mailbox() + MailboxName.SEPARATOR)
        && !command.mailbox().equals(Mailboxes.INBOX)) {
      return ImapReply.no(ResponseCode.CANNOT, "A mailbox cannot move below itself");
    }
    Optional<Reached> found = Namespaces.find(command.mailbox(), session);
    Optional<ImapReply> refusal = Reached.refusal(found, Right.DELETE, Reached.nonexistent());
    if (refusal.isPresent()) {
      return refusal.get();
    }
    Optional<Namespaces.Place> place = Namespaces.place(command.newName(), session);
    if (place.isEmpty()) {
      return noPlace();
    }
    Reached reached = found.orElseThrow();
    Mailbox mailbox = reached.mailbox();
    boolean inboxOfOthers = !reached.own() && mailbox.name().equals(Mailboxes.INBOX);
    if (!place.get().owner().equals(mailbox.account()) || inboxOfOthers) {
      return ImapReply.no(ResponseCode.CANNOT, "It stays with its account: copy the messages");
    }
    mailboxes(session).rename(mailbox.id(), place.get().name());
    log.info("imap.renamed session={} mailbox={}", session.connection().id(), mailbox.id().value());
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

  /** One personal namespace without a prefix, and that of others; nothing belongs to nobody. */
  ImapReply namespace(ImapSession session) throws IOException {
    String separator = "\"" + MailboxName.SEPARATOR + "\"";
    String others = "\"" + Namespaces.OTHERS + MailboxName.SEPARATOR + "\"";
    session
        .writer()
        .untagged("NAMESPACE ((\"\" " + separator + ")) ((" + others + " " + separator + ")) NIL");
    return ImapReply.ok("Namespaces listed");
  }

  private static Mailboxes mailboxes(ImapSession session) {
    return session.store().mailboxes();
  }

  private static ImapReply noPlace() {
    return ImapReply.no(ResponseCode.NO_PERMISSION, "You may not make a mailbox there");
  }

  private static ImapReply notCreatable() {
    return ImapReply.no(
        ResponseCode.CANNOT,
        "A name has no empty level and no control character, and UTF-8 in normalization form C");
  }
}
