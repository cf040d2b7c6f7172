package dev.postrider.server.imap;

import dev.postrider.protocol.imap.ImapCommand;
import dev.postrider.protocol.imap.ImapCommand.StatusItem;
import dev.postrider.protocol.imap.ImapReply;
import dev.postrider.protocol.imap.ImapWriter;
import dev.postrider.storage.StoreException;
import dev.postrider.storage.mailboxes.MailboxId;
import dev.postrider.storage.mailboxes.MailboxStatus;
import dev.postrider.storage.mailboxes.Right;
import java.io.IOException;
import java.util.List;
import java.util.Optional;

/**
 * RFC 3501 section 6.3.10, RFC 7162 section 3.1.7, RFC 7889 section 3, RFC 8438 section 2, RFC 8474
 * section 4.3, RFC 9208 section 4.1.4.
 */
final class StatusHandler implements CommandHandler<ImapCommand.Status> {

  @Override
  public ImapReply handle(ImapCommand.Status command, ImapSession session)
      throws IOException, StoreException {
    Optional<Reached> found = Namespaces.find(command.mailbox(), session);
    Optional<ImapReply> refusal = Reached.refusal(found, Right.READ, Reached.nonexistent());
    if (refusal.isPresent()) {
      return refusal.get();
    }
    MailboxId mailbox = found.orElseThrow().mailbox().id();
    MailboxStatus status = session.store().mailboxes().status(mailbox);
    write(command.mailbox(), mailbox, command.items(), status, session);
    return ImapReply.ok("Status given");
  }

  /** {@code * STATUS}. */
  static void write(
      String name, MailboxId id, List<StatusItem> items, MailboxStatus status, ImapSession session)
      throws IOException {
    ImapWriter writer = session.writer();
    writer.atom("* STATUS ").mailbox(name).atom(" (");
    String between = "";
    for (StatusItem item : items) {
      writer.atom(between).atom(item.word()).space();
      if (item == StatusItem.MAILBOXID) {
        writer.atom("(" + ObjectIds.of(id) + ")");
      } else {
        writer.number(number(item, status, session));
      }
      between = " ";
    }
    writer.atom(")").crlf();
  }

  private static long number(StatusItem item, MailboxStatus status, ImapSession session) {
    return switch (item) {
      case MAILBOXID -> throw new IllegalArgumentException(item + " is no number");
      case MESSAGES -> status.messages();
      case RECENT -> status.recent();
      case UIDNEXT -> status.uidNext().value();
      case UIDVALIDITY -> status.uidValidity();
      case UNSEEN -> status.unseen();
      case DELETED -> status.deleted();
      case DELETED_STORAGE -> status.deletedOctets();
      case SIZE -> status.octets();
      case HIGHESTMODSEQ -> status.highestModSeq().value();
      case APPENDLIMIT -> Upload.messageOctetsMax(session.services());
    };
  }
}
