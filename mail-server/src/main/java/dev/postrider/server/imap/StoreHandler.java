package dev.postrider.server.imap;

import dev.postrider.protocol.imap.ImapCommand;
import dev.postrider.protocol.imap.ImapCommand.StoreAction;
import dev.postrider.protocol.imap.ImapReply;
import dev.postrider.protocol.imap.ImapWriter;
import dev.postrider.protocol.imap.ResponseCode;
import dev.postrider.storage.StoreException;
import dev.postrider.storage.mailboxes.Right;
import dev.postrider.storage.messages.FlagChange;
import dev.postrider.storage.messages.Flags;
import dev.postrider.storage.messages.Message;
import dev.postrider.storage.messages.Messages.FlagsChanged;
import dev.postrider.storage.messages.ModSeq;
import dev.postrider.storage.messages.UidSet;
import java.io.IOException;
import java.util.List;
import java.util.Optional;
import java.util.stream.LongStream;
import org.jspecify.annotations.Nullable;

/**
 * RFC 3501 section 6.4.6, RFC 7162 section 3.1.3.
 *
 * <p>SILENT spares the client what it knows: that the flags it named are set now. Where somebody
 * else has changed other flags of the message meanwhile, the refresh that follows says so. A client
 * that knows of mod-sequences is told those all the same: it will compare with them.
 *
 * <p>In a mailbox of somebody else, flags that the account may not change stay as they are, and a
 * client that would take them for changed is told them whether it said SILENT or not. RFC 4314
 * section 4.
 *
 * <p>With UNCHANGEDSINCE each message is compared and changed in one step. What was left as it is
 * comes with its flags, so that the client need not ask why.
 */
final class StoreHandler implements CommandHandler<ImapCommand.Store> {

  @Override
  public ImapReply handle(ImapCommand.Store command, ImapSession session)
      throws IOException, StoreException {
    SelectedMailbox mailbox = session.mailbox();
    if (mailbox.isReadOnly()) {
      return ExpungeHandler.readOnly();
    }
    Optional<Flags> flags = FlagNames.parse(command.flags());
    if (flags.isEmpty()) {
      return FlagNames.unknown();
    }
    int[] named = mailbox.positions(command.messages(), command.byUid());
    if (named == null) {
      return FetchHandler.noSuchNumber();
    }
    MessageLimit limit = MessageLimit.of(session);
    int[] positions = limit.highest(named, mailbox);
    if (positions.length == 0) {
      return ImapReply.ok("No such message");
    }
    Reached reached = mailbox.reached();
    Flags permitted = reached.settable(flags.get());
    boolean replaces = command.action() == StoreAction.REPLACE;
    boolean none = permitted.equals(Flags.NONE) && !flags.get().equals(Flags.NONE);
    if (!reached.changesFlags() || (none && !replaces)) {
      return Reached.noPermission();
    }
    boolean whole = replaces ? reached.changesEveryFlag() : permitted.equals(flags.get());
    Storing storing =
        new Storing(
            command,
            change(command, permitted, reached),
            command.silent() && whole,
            limit.isReached(),
            session);
    Pieces.ofChanged(positions, session, storing::store);
    boolean counts = !command.byUid() && !command.messages().isSaved();
    ImapReply reply =
        completion(
            storing.modified.build().toArray(), storing.present < positions.length && counts);
    return limit.completed(reply, session.writer());
  }

  /** Flags that the account may not change stay as they are. RFC 4314 section 4. */
  private static FlagChange change(ImapCommand.Store command, Flags flags, Reached mailbox) {
    return switch (command.action()) {
      case ADD -> new FlagChange.Add(flags);
      case REMOVE -> new FlagChange.Remove(flags);
      case REPLACE ->
          mailbox.changesEveryFlag()
              ? new FlagChange.Replace(flags)
              : new FlagChange.ReplaceSome(
                  flags, mailbox.settableSystem(), mailbox.may(Right.WRITE));
    };
  }

  /** There is room for one code: a client that has MODIFIED learns of the others by EXPUNGE. */
  private static ImapReply completion(long[] modified, boolean expunged) {
    if (modified.length > 0) {
      ResponseCode code = ResponseCode.modified(modified);
      return expunged
          ? ImapReply.no(code, "Some of the messages have been expunged, others have changed")
          : ImapReply.ok(code, "What has changed meanwhile is left as it is");
    }
    return expunged
        ? ImapReply.no(ResponseCode.EXPUNGE_ISSUED, "Some of the messages have been expunged")
        : ImapReply.ok("Stored");
  }

  /** One command, carried out in pieces. */
  private static final class Storing {

    private final ImapCommand.Store command;
    private final FlagChange change;
    private final boolean silent;
    private final boolean downwards;
    private final ImapSession session;
    private final SelectedMailbox mailbox;
    private final ImapWriter writer;

    /** Sequence numbers or UIDs of those that failed the comparison. */
    private final LongStream.Builder modified = LongStream.builder();

    /** How many messages there still were. */
    private int present;

    /**
     * @param silent the client knows what comes of it
     * @param downwards it is told from the highest UID on. RFC 9738 section 3.1
     */
    Storing(
        ImapCommand.Store command,
        FlagChange change,
        boolean silent,
        boolean downwards,
        ImapSession session) {
      this.command = command;
      this.change = change;
      this.silent = silent;
      this.downwards = downwards;
      this.session = session;
      this.mailbox = session.mailbox();
      this.writer = session.writer();
    }

    void store(int[] positions) throws IOException, StoreException {
      @Nullable Message[] before =
          silent ? mailbox.messages(positions) : new Message[positions.length];
      @Nullable ModSeq unchangedSince =
          command.unchangedSince().isPresent()
              ? new ModSeq(command.unchangedSince().getAsLong())
              : null;
      FlagsChanged done =
          session
              .store()
              .messages()
              .changeFlags(mailbox.mailbox().id(), mailbox.uids(positions), change, unchangedSince);
      if (silent) {
        keepSilent(before, done.changed());
      } else {
        for (Message message : downwards ? done.changed().reversed() : done.changed()) {
          tell(message);
        }
      }
      leave(done.refused());
      present += done.changed().size() + done.refused().size();
    }

    private void tell(Message message) throws IOException {
      mailbox.tellFlags(writer, message, command.byUid(), session.dialect());
      mailbox.told(message);
    }

    /** {@code before} and {@code changed} ascend by UID; what was expunged is missing in both. */
    private void keepSilent(@Nullable Message[] before, List<Message> changed) throws IOException {
      int at = 0;
      for (Message after : changed) {
        mailbox.announceKeywords(writer, after.flags());
        while (at < before.length && !isOf(before[at], after)) {
          at++;
        }
        Message known = at < before.length ? before[at] : null;
        if (known != null
            && mailbox.isKnown(known)
            && change.applyTo(known.flags()).equals(after.flags())) {
          tellModSeq(after);
          mailbox.told(after);
        }
      }
    }

    private static boolean isOf(@Nullable Message before, Message after) {
      return before != null && before.uid().equals(after.uid());
    }

    /** A conditional STORE says it even when nothing has changed. RFC 7162 section 3.1.3. */
    private void tellModSeq(Message after) throws IOException {
      boolean asked = command.unchangedSince().isPresent();
      if (session.dialect().knowsModSeqs() && (asked || !mailbox.isKnown(after))) {
        mailbox.tellModSeq(writer, after, session.dialect());
      }
    }

    /** What is gone by now is found out by the refresh that follows. */
    private void leave(UidSet refused) throws IOException, StoreException {
      int[] positions = refused.stream().mapToInt(mailbox::position).toArray();
      for (Message message : mailbox.messages(positions)) {
        if (message != null) {
          tell(message);
        }
      }
      for (int position : positions) {
        modified.add(command.byUid() ? mailbox.uid(position) : position + 1L);
      }
    }
  }
}
