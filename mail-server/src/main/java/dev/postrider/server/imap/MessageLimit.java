package dev.postrider.server.imap;

import dev.postrider.protocol.imap.Extension;
import dev.postrider.protocol.imap.ImapReply;
import dev.postrider.protocol.imap.ImapWriter;
import dev.postrider.protocol.imap.ResponseCode;
import dev.postrider.protocol.imap.SearchKey;
import java.io.IOException;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * How many messages one command may be about, where the operator limits that. RFC 9738. A command
 * that need not be carried out whole is carried out with the messages that have the highest UIDs,
 * from the highest down, and its completion says where it ended; others are refused.
 */
final class MessageLimit {

  /** More than any mailbox has. */
  private static final int NONE = Integer.MAX_VALUE;

  private final int most;

  /** What the completion is to say; null while the command is about no more than it may. */
  private @Nullable ResponseCode reached;

  private MessageLimit(int most) {
    this.most = most;
  }

  /** For one command. */
  static MessageLimit of(ImapSession session) {
    return new MessageLimit(
        session.speaks(Extension.MESSAGELIMIT)
            ? session.services().config().imap().messageLimit()
            : NONE);
  }

  /** Whether there may be more messages than a command may be about. */
  boolean isBelow(int count) {
    return most < count;
  }

  /** Whether something was left out. */
  boolean isReached() {
    return reached != null;
  }

  /** Of {@code positions}, which ascend, those that the command is carried out with. */
  int[] highest(int[] positions, SelectedMailbox mailbox) {
    if (positions.length <= most) {
      return positions;
    }
    int[] kept = Arrays.copyOfRange(positions, positions.length - most, positions.length);
    reached = ResponseCode.messageLimit(most, mailbox.uid(kept[0]));
    return kept;
  }

  /**
   * What is looked for of {@code key}: no more messages are looked at than may be. Which of them
   * could be found is what numbers in the key say by themselves. RFC 9738 section 3.1.
   */
  SearchKey searched(SearchKey key, SearchMatcher matcher, SelectedMailbox mailbox) {
    long lowest = lowestCandidate(matcher, mailbox);
    if (lowest == 0) {
      return key;
    }
    reached = ResponseCode.messageLimit(most, lowest);
    return new SearchKey.And(List.of(new SearchKey.UidRange(lowest, Long.MAX_VALUE), key));
  }

  /** Why a key cannot be looked for whole; empty where it can. */
  Optional<ImapReply> refusal(SearchMatcher matcher, SelectedMailbox mailbox) {
    return lowestCandidate(matcher, mailbox) == 0 ? Optional.empty() : Optional.of(refusal());
  }

  /** UID of the last message, from the highest down, that may be looked at; 0 where all may be. */
  private long lowestCandidate(SearchMatcher matcher, SelectedMailbox mailbox) {
    if (!isBelow(mailbox.count())) {
      return 0;
    }
    int candidates = 0;
    long lowest = 0;
    for (int at = mailbox.count() - 1; at >= 0; at--) {
      if (!matcher.isCandidate(at)) {
        continue;
      }
      if (candidates == most) {
        return lowest;
      }
      candidates++;
      lowest = mailbox.uid(at);
    }
    return 0;
  }

  /** Nothing was done. */
  ImapReply refusal() {
    return ImapReply.no(ResponseCode.messageLimit(most), tooMany());
  }

  /** The same, saying where the first so many of {@code positions} would have ended. */
  ImapReply refusal(int[] positions, SelectedMailbox mailbox) {
    long lowest = mailbox.uid(positions[positions.length - most]);
    return ImapReply.no(ResponseCode.messageLimit(most, lowest), tooMany());
  }

  private String tooMany() {
    return "A command is about " + most + " messages at most; name fewer";
  }

  /**
   * The completion of a command. One code is in it at most, so where it has one already, this one
   * goes before it. RFC 9738 section 3.1.
   */
  ImapReply completed(ImapReply reply, ImapWriter writer) throws IOException {
    ResponseCode code = reached;
    if (code == null || reply.status() == ImapReply.Status.BAD) {
      return reply;
    }
    if (reply.status() == ImapReply.Status.OK && reply.code().isEmpty()) {
      return ImapReply.ok(code, reply.text() + ", the highest " + most);
    }
    writer.untagged(ImapReply.no(code, "Only the highest " + most + " messages were looked at"));
    return reply;
  }
}
