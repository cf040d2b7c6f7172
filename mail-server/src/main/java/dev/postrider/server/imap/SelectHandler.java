package dev.postrider.server.imap;

import dev.postrider.protocol.imap.Extension;
import dev.postrider.protocol.imap.ImapReply;
import dev.postrider.protocol.imap.ImapWriter;
import dev.postrider.protocol.imap.ResponseCode;
import dev.postrider.protocol.imap.SelectParameters;
import dev.postrider.protocol.imap.SelectParameters.Resync;
import dev.postrider.storage.StoreException;
import dev.postrider.storage.mailboxes.Right;
import dev.postrider.storage.messages.MailboxIndex;
import dev.postrider.storage.messages.SystemFlag;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * SELECT and EXAMINE. RFC 3501 section 6.3.1 and 6.3.2, RFC 9051 section 6.3.2, RFC 7162 section
 * 3.1.8 and 3.2.5.
 */
final class SelectHandler {

  private static final Logger log = LoggerFactory.getLogger(SelectHandler.class);

  /** A mailbox that was selected is not any more, even when the new one cannot be. */
  ImapReply select(String name, boolean examined, SelectParameters parameters, ImapSession session)
      throws IOException, StoreException {
    Optional<Resync> resync = parameters.resync();
    if (resync.isPresent() && session.dialect().awareness() != Awareness.QRESYNC) {
      return ImapReply.bad("ENABLE QRESYNC first");
    }
    boolean sampled = resync.isPresent() && resync.get().sample().isPresent();
    if (sampled && session.dialect().isUidsAlone()) {
      return ImapReply.bad(ResponseCode.UID_REQUIRED, "You enabled UIDONLY: leave the numbers out");
    }
    if (session.isSelected()) {
      session.unselect();
      session.writer().untagged(ImapReply.ok(ResponseCode.CLOSED, "The mailbox before is closed"));
    }
    if (parameters.condstore()) {
      session.enableCondstore();
    }
    Optional<Reached> found = Namespaces.find(name, session);
    Optional<ImapReply> refusal = Reached.refusal(found, Right.READ, Reached.nonexistent());
    if (refusal.isPresent()) {
      return refusal.get();
    }
    SelectedMailbox mailbox = open(found.orElseThrow(), examined, session);
    session.select(mailbox);
    describe(mailbox, session);
    if (session.dialect().isRev2()) {
      ListHandler.writeSelected(mailbox.reached().name(), session);
    }
    if (resync.isPresent()) {
      Resynchronization.write(resync.get(), mailbox, session.writer(), session.dialect());
    }
    log.info(
        "imap.selected session={} mailbox={} messages={} read-only={}",
        session.connection().id(),
        mailbox.mailbox().id().value(),
        mailbox.count(),
        mailbox.isReadOnly());
    return ImapReply.ok(
        mailbox.isReadOnly() ? ResponseCode.READ_ONLY : ResponseCode.READ_WRITE,
        mailbox.isReadOnly() ? "Opened for reading" : "Selected");
  }

  private static SelectedMailbox open(Reached mailbox, boolean examined, ImapSession session)
      throws StoreException {
    MailboxIndex index = session.store().messages().open(mailbox.mailbox().id());
    try {
      return new SelectedMailbox(mailbox, index, examined || !mailbox.isWritable());
    } catch (StoreException e) {
      index.close();
      throw e;
    }
  }

  private static void describe(SelectedMailbox mailbox, ImapSession session) throws IOException {
    ImapWriter writer = session.writer();
    tellFlags(mailbox, writer);
    mailbox.tellCount(writer);
    boolean counts = !session.dialect().isRev2() && !session.dialect().isUidsAlone();
    if (mailbox.firstUnseen() > 0 && counts) {
      writer.untagged(
          ImapReply.ok(ResponseCode.unseen(mailbox.firstUnseen()), "First unseen message"));
    }
    tellPermanentFlags(mailbox, writer);
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

  static void tellFlags(SelectedMailbox mailbox, ImapWriter writer) throws IOException {
    List<String> flags = FlagNames.of(mailbox.keywords());
    writer.untagged("FLAGS (" + String.join(" ", flags) + ")");
  }

  /** What the account may change. RFC 4314 section 5.1.1. */
  static void tellPermanentFlags(SelectedMailbox mailbox, ImapWriter writer) throws IOException {
    List<String> flags = mailbox.isReadOnly() ? List.of() : settable(mailbox);
    String text =
        flags.contains("\\*")
            ? "Any keyword can be made"
            : flags.isEmpty() ? "No flag can be changed" : "These can be changed";
    writer.untagged(ImapReply.ok(ResponseCode.permanentFlags(flags), text));
  }

  /** {@code \*}: without it Thunderbird offers no tags. */
  private static List<String> settable(SelectedMailbox mailbox) {
    List<String> flags = new ArrayList<>();
    int system = mailbox.reached().settableSystem();
    for (SystemFlag flag : SystemFlag.values()) {
      if ((system & flag.bit()) != 0) {
        flags.add(flag.text());
      }
    }
    if (mailbox.reached().may(Right.WRITE)) {
      flags.addAll(mailbox.keywords());
      flags.add("\\*");
    }
    return flags;
  }
}
