package dev.postrider.storage.messages;

import dev.postrider.storage.StoreException;
import dev.postrider.storage.mailboxes.MailboxId;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/** Messages in mailboxes. New ones come through {@link dev.postrider.storage.Store#commit}. */
public interface Messages {

  /** Throws NOT_FOUND. Close it. */
  MailboxIndex open(MailboxId mailbox) throws StoreException;

  /** The bytes. Throws NOT_FOUND, CORRUPT. */
  MessageBody body(BodyId body) throws StoreException;

  /**
   * When messages came into the mailbox, to the second; empty for those that came before this was
   * written down.
   *
   * @param last included, as is {@code first}
   */
  Map<Uid, Optional<Instant>> saved(MailboxId mailbox, Uid first, Uid last) throws StoreException;

  /** To read many bodies with, one after another. */
  BodySequence bodies();

  /**
   * Changes flags in one step; UIDs that do not exist are passed over.
   *
   * @param unchangedSince with it, messages whose MODSEQ is higher are left alone and reported (RFC
   *     7162 section 3.1.3); with 0 keywords that a message does not have can be changed, and
   *     nothing else
   */
  FlagsChanged changeFlags(
      MailboxId mailbox, UidSet uids, FlagChange change, @Nullable ModSeq unchangedSince)
      throws StoreException;

  /** Removes those of {@code uids} that have {@code \Deleted}. Returns the ones removed. */
  UidSet expunge(MailboxId mailbox, UidSet uids) throws StoreException;

  /**
   * Copies messages with internal date; no byte of a body is copied.
   *
   * @param flags which of its flags a copy has
   */
  Copied copy(MailboxId from, UidSet uids, MailboxId to, UnaryOperator<Flags> flags)
      throws StoreException;

  /** The same, with all flags. */
  default Copied copy(MailboxId from, UidSet uids, MailboxId to) throws StoreException {
    return copy(from, uids, to, UnaryOperator.identity());
  }

  /**
   * Copies and removes in one step. RFC 6851.
   *
   * @param flags which of its flags a copy has
   */
  Copied move(MailboxId from, UidSet uids, MailboxId to, UnaryOperator<Flags> flags)
      throws StoreException;

  /** The same, with all flags. */
  default Copied move(MailboxId from, UidSet uids, MailboxId to) throws StoreException {
    return move(from, uids, to, UnaryOperator.identity());
  }

  /** {@code changed}: each message as it is now; {@code refused}: too new for UNCHANGEDSINCE. */
  record FlagsChanged(List<Message> changed, UidSet refused) {}

  /** Source and target UIDs, pairwise. {@code uidValidity} is the target's. RFC 4315 section 3. */
  record Copied(long uidValidity, List<Uid> from, List<Uid> to) {}
}
