package dev.postrider.server.imap;

import dev.postrider.protocol.imap.FetchItem;
import dev.postrider.protocol.imap.ImapCommand;
import dev.postrider.protocol.imap.ImapReply;
import dev.postrider.protocol.imap.PartialRange;
import dev.postrider.protocol.imap.ResponseCode;
import dev.postrider.storage.StoreException;
import dev.postrider.storage.mailboxes.Right;
import dev.postrider.storage.messages.FlagChange;
import dev.postrider.storage.messages.Flags;
import dev.postrider.storage.messages.Message;
import dev.postrider.storage.messages.ModSeq;
import dev.postrider.storage.messages.SystemFlag;
import dev.postrider.storage.messages.UidSet;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * RFC 3501 section 6.4.5, RFC 7162 section 3.1.4 and 3.2.6, RFC 9394 section 3.3, RFC 9738.
 *
 * <p>Replies ascend by UID, unless there is a limit to how many there are. {@code \Seen} is set for
 * all messages of a piece ({@link Pieces}) before its first octet is sent: one commit for most
 * mailboxes, and the reply can say the new flags.
 */
final class FetchHandler implements CommandHandler<ImapCommand.Fetch> {

  private static final Logger log = LoggerFactory.getLogger(FetchHandler.class);

  @Override
  public ImapReply handle(ImapCommand.Fetch command, ImapSession session)
      throws IOException, StoreException {
    SelectedMailbox mailbox = session.mailbox();
    int[] positions = mailbox.positions(command.messages(), command.byUid());
    if (positions == null) {
      return noSuchNumber();
    }
    if (command.vanished() && session.dialect().awareness() != Awareness.QRESYNC) {
      return ImapReply.bad("ENABLE QRESYNC first");
    }
    MessageLimit limit = MessageLimit.of(session);
    if (command.partial().isPresent()) {
      PartialRange range = command.partial().get();
      if (limit.isBelow((int) Math.min(range.size(), Integer.MAX_VALUE - 1))) {
        return limit.refusal();
      }
      int from = range.from(positions.length);
      positions = Arrays.copyOfRange(positions, from, Math.max(from, range.to(positions.length)));
    }
    if (command.changedSince().isPresent()) {
      ModSeq since = new ModSeq(command.changedSince().getAsLong());
      if (command.vanished()) {
        Resynchronization.writeVanished(since, command.messages(), mailbox, session.writer());
      }
      positions = mailbox.changedSince(since, positions);
    }
    positions = limit.highest(positions, mailbox);
    List<FetchItem> items = items(command, session.dialect());
    FetchResponse response = new FetchResponse(session, items);
    Missing missing = new Missing(limit.isReached());
    boolean maySee = mailbox.reached().may(Right.SEEN);
    if (marksSeen(items) && maySee && !mailbox.isReadOnly()) {
      Pieces.ofChanged(
          positions,
          session,
          some -> {
            @Nullable Message[] messages = mailbox.messages(some);
            Set<Long> seenNow = markSeen(session, messages);
            write(session, response, some, messages, seenNow, missing);
          });
    } else {
      Pieces.of(
          positions,
          some -> write(session, response, some, mailbox.messages(some), Set.of(), missing));
    }
    boolean counts = !command.byUid() && !command.messages().isSaved();
    return limit.completed(completion(counts, missing), session.writer());
  }

  /** How messages are sent, and those that were not. */
  private static final class Missing {

    /** From the highest on, as what is left out is lower. RFC 9738 section 3.1. */
    private final boolean downwards;

    private int gone;
    private int damaged;
    private int unknown;

    Missing(boolean downwards) {
      this.downwards = downwards;
    }
  }

  private static void write(
      ImapSession session,
      FetchResponse response,
      int[] positions,
      @Nullable Message[] messages,
      Set<Long> seenNow,
      Missing missing)
      throws IOException, StoreException {
    for (int n = 0; n < positions.length; n++) {
      int i = missing.downwards ? positions.length - 1 - n : n;
      Message message = messages[i];
      if (message == null) {
        missing.gone++;
        continue;
      }
      try {
        boolean flagsChanged = seenNow.contains(message.uid().value());
        response.write(positions[i], message, flagsChanged);
        if (flagsChanged) {
          session.mailbox().told(message);
        }
      } catch (UnknownEncodingException e) {
        missing.unknown++;
      } catch (StoreException e) {
        if (e.kind() != StoreException.Kind.NOT_FOUND && e.kind() != StoreException.Kind.CORRUPT) {
          throw e;
        }
        missing.gone += e.kind() == StoreException.Kind.NOT_FOUND ? 1 : 0;
        missing.damaged += e.kind() == StoreException.Kind.CORRUPT ? 1 : 0;
        log.warn(
            "imap.fetch-failed session={} mailbox={} uid={} cause=\"{}\"",
            session.connection().id(),
            session.mailbox().mailbox().id().value(),
            message.uid().value(),
            e.getMessage());
      }
    }
  }

  private static ImapReply completion(boolean counts, Missing missing) {
    if (missing.damaged > 0) {
      return ImapReply.no(
          ResponseCode.SERVER_BUG, missing.damaged + " of the messages are damaged on the server");
    }
    if (missing.unknown > 0) {
      return ImapReply.no(
          ResponseCode.UNKNOWN_CTE,
          "Content-Transfer-Encoding of " + missing.unknown + " of the messages is not known");
    }
    // A client that names UIDs or $ does not count on all of them being there.
    return missing.gone > 0 && counts
        ? ImapReply.no(ResponseCode.EXPUNGE_ISSUED, "Some of the messages have been expunged")
        : ImapReply.ok("Fetched");
  }

  static ImapReply noSuchNumber() {
    return ImapReply.bad("No message has that sequence number");
  }

  /**
   * Each item once, the UID first. RFC 3501 section 6.4.8: UID FETCH always tells it, but not
   * twice: RFC 9586 section 3.3. RFC 7162 section 3.1.4.1: CHANGEDSINCE asks for MODSEQ too.
   */
  private static List<FetchItem> items(ImapCommand.Fetch command, Dialect dialect) {
    Set<FetchItem> items = new LinkedHashSet<>();
    FetchItem uid = new FetchItem.UniqueId();
    if ((command.byUid() && !dialect.isUidsAlone()) || command.items().contains(uid)) {
      items.add(uid);
    }
    items.addAll(command.items());
    if (command.changedSince().isPresent()) {
      items.add(new FetchItem.ModSeq());
    }
    return new ArrayList<>(items);
  }

  private static boolean marksSeen(List<FetchItem> items) {
    return items.stream()
        .anyMatch(
            item ->
                (item instanceof FetchItem.Body body && !body.peek())
                    || (item instanceof FetchItem.Binary binary && !binary.peek()));
  }

  /** Marks those that are not yet; returns their UIDs, and puts them into {@code messages}. */
  private static Set<Long> markSeen(ImapSession session, @Nullable Message[] messages)
      throws StoreException {
    SelectedMailbox mailbox = session.mailbox();
    long[] unseen =
        IntStream.range(0, messages.length)
            .filter(i -> isUnseen(messages[i]))
            .mapToLong(i -> uid(messages[i]))
            .toArray();
    Set<Long> marked = new HashSet<>();
    if (unseen.length == 0) {
      return marked;
    }
    List<Message> changed =
        session
            .store()
            .messages()
            .changeFlags(
                mailbox.mailbox().id(),
                UidSet.of(unseen),
                new FlagChange.Add(Flags.of(SystemFlag.SEEN)),
                null)
            .changed();
    int at = 0;
    for (Message message : changed) {
      while (uid(messages[at]) != message.uid().value()) {
        at++;
      }
      messages[at] = message;
      marked.add(message.uid().value());
    }
    return marked;
  }

  private static boolean isUnseen(@Nullable Message message) {
    return message != null && !message.flags().has(SystemFlag.SEEN);
  }

  private static long uid(@Nullable Message message) {
    return message == null ? 0 : message.uid().value();
  }
}
