package dev.postrider.storage.messages;

import dev.postrider.storage.StoreException;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;

/**
 * The warm index of one mailbox, shared by all who have it open. It knows UIDs; sequence numbers
 * are the business of a client's view of it.
 */
public interface MailboxIndex extends AutoCloseable {

  /** All messages, ascending by UID, and the MODSEQ at which that was so. */
  Snapshot snapshot() throws StoreException;

  /** What a client is told when it opens the mailbox, without looking at each message. */
  Opening opening() throws StoreException;

  /** What happened after {@code since}. Throws NOT_FOUND once the mailbox is deleted. */
  MailboxDelta changesSince(ModSeq since) throws StoreException;

  /** UIDs of the messages that came or whose flags changed after {@code since}, and exist. */
  UidSet changedSince(ModSeq since) throws StoreException;

  Optional<Message> find(Uid uid) throws StoreException;

  /** Those of {@code uids} that exist, ascending. */
  List<Message> find(UidSet uids) throws StoreException;

  /**
   * The lowest UID that no session was yet told to be recent; from now on those below the next UID
   * are not. RFC 3501 section 2.3.2.
   */
  Uid takeRecent() throws StoreException;

  /** The same, without taking it. */
  Uid firstRecent() throws StoreException;

  /** Gives the index back. */
  @Override
  void close();

  /**
   * A mailbox at one moment, as far as one needs it to open it.
   *
   * @param uids ascending, each as 32 bits without a sign; the caller's own
   * @param firstUnseen index in {@code uids} of the first message that is not \\Seen
   * @param keywords all that occur, without regard to case
   */
  @SuppressWarnings("ArrayRecordComponent") // a million UIDs; nobody compares them
  record Opening(
      ModSeq highestModSeq,
      Uid uidNext,
      int[] uids,
      OptionalInt firstUnseen,
      Set<String> keywords) {}

  /** All of a mailbox at one moment. */
  record Snapshot(ModSeq highestModSeq, Uid uidNext, long uidValidity, List<Message> messages) {}
}
