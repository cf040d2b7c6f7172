package dev.postrider.server.imap;

import dev.postrider.protocol.imap.Extension;
import dev.postrider.protocol.imap.ImapReply;
import dev.postrider.protocol.imap.ImapWriter;
import dev.postrider.protocol.imap.ResponseCode;
import dev.postrider.protocol.imap.SelectParameters;
import dev.postrider.protocol.imap.SelectParameters.Resync;
import dev.postrider.storage.StoreException;
import dev.postrider.storage.mailboxes.Mailbox;
import dev.postrider.storage.messages.MailboxIndex;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * SELECT and EXAMINE. RFC 3501 section 6.3.1 and 6.3.2, RFC 9051 section 6.3.2, RFC 7162 section
 * 3.1.8 and 3.2.5.
 */
final class SelectHandler {

  private static final Logger log = LoggerFactory.getLogger(SelectHandler.class);

  /** A mailbox that was selected is not any more, even when the new one cannot be. */
  ImapReply select(String name, boolean readOnly, SelectParameters parameters, ImapSession session)
      throws IOException, StoreException {
    Optional<Resync> resync = parameters.resync();
    if (resync.isPresent() && session.awareness() != Awareness.QRESYNC) {
      return ImapReply.bad("ENABLE QRESYNC first");
    }
    if (session.isSelected()) {
      session.unselect();
      session.writer().untagged(ImapReply.ok(ResponseCode.CLOSED, "The mailbox before is closed"));
    }
    if (parameters.condstore()) {
      session.enableCondstore();
    }
    Optional<Mailbox> found = session.store().mailboxes().find(session.account().id(), name);
    if (found.isEmpty()) {
      return ImapReply.no(ResponseCode.NONEXISTENT, "No such mailbox");
    }
    SelectedMailbox mailbox = open(found.get(), readOnly, session);
    session.select(mailbox);
    describe(mailbox, session);
    if (session.isRev2()) {
      ListHandler.writeSelected(name, session);
    }
    if (resync.isPresent()) {
      Resynchronization.write(resync.get(), mailbox, session.writer());
    }
    log.info(
        "imap.selected session={} mailbox={} messages={} read-only={}",
        session.connection().id(),
        found.get().id().value(),
        mailbox.count(),
        readOnly);
    return ImapReply.ok(
        readOnly ? ResponseCode.READ_ONLY : ResponseCode.READ_WRITE,
        readOnly ? "Opened for reading" : "Selected");
  }

  private static SelectedMailbox open(Mailbox mailbox, boolean readOnly, ImapSession session)
      throws StoreException {
    MailboxIndex index = session.store().messages().open(mailbox.id());
    try {
      return new SelectedMailbox(mailbox, index, readOnly);
    } catch (StoreException e) {
      index.close();
      throw e;
    }
  }

  private static void describe(SelectedMailbox mailbox, ImapSession session) throws IOException {
    ImapWriter writer = session.writer();
    List<String> flags = FlagNames.of(mailbox.keywords());
    writer.untagged("FLAGS (" + String.join(" ", flags) + ")");
    mailbox.tellCount(writer);
    if (mailbox.firstUnseen() > 0 && !session.isRev2()) {
      writer.untagged(
          ImapReply.ok(ResponseCode.unseen(mailbox.firstUnseen()), "First unseen message"));
    }
    writer.untagged(
        ImapReply.ok(
            ResponseCode.permanentFlags(mailbox.isReadOnly() ? List.of() : settable(mailbox)),
            mailbox.isReadOnly() ? "No flag can be changed" : "Any keyword can be made"));
    writer.untagged(ImapReply.ok(ResponseCode.uidNext(mailbox.uidNext()), "Next UID, or higher"));
    writer.untagged(
        ImapReply.ok(ResponseCode.uidValidity(mailbox.mailbox().uidValidity()), "UIDs are valid"));
    if (session.speaks(Extension.OBJECTID)) {
      String id = ObjectIds.of(mailbox.mailbox().id());
      writer.untagged(ImapReply.ok(ResponseCode.mailboxId(id), "Stays when it is renamed"));
    }
    if (session.speaks(Extension.CONDSTORE)) {
      writer.untagged(highestModSeq(mailbox));
    }
  }

  /** RFC 7162 section 3.1.2.1. */
  static ImapReply highestModSeq(SelectedMailbox mailbox) {
    return ImapReply.ok(
        ResponseCode.highestModSeq(mailbox.highestModSeq().value()), "Highest mod-sequence");
  }

  /** {@code \*}: without it Thunderbird offers no tags. */
  private static List<String> settable(SelectedMailbox mailbox) {
    List<String> flags = new ArrayList<>(FlagNames.of(Set.of()));
    flags.addAll(mailbox.keywords());
    flags.add("\\*");
    return flags;
  }
}
