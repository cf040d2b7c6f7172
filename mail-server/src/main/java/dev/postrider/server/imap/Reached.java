package dev.postrider.server.imap;

import dev.postrider.protocol.imap.ImapReply;
import dev.postrider.protocol.imap.ResponseCode;
import dev.postrider.storage.mailboxes.Mailbox;
import dev.postrider.storage.mailboxes.Right;
import dev.postrider.storage.mailboxes.Rights;
import dev.postrider.storage.messages.Flags;
import dev.postrider.storage.messages.SystemFlag;
import java.util.Optional;

/**
 * A mailbox as one account reaches it. RFC 4314 section 4.
 *
 * @param name under which it is there for the account
 * @param own whether it is the account's own
 * @param rights that the account has, something; all in its own
 */
record Reached(String name, Mailbox mailbox, boolean own, Rights rights) {

  /** The rights to change flags, all of which are the same for everybody. RFC 4314 section 5.2. */
  private static final Rights OF_FLAGS = Rights.of(Right.SEEN, Right.WRITE, Right.MARK);

  private static final Rights OF_WRITING = OF_FLAGS.plus(Rights.of(Right.INSERT, Right.EXPUNGE));

  static Reached own(Mailbox mailbox) {
    return new Reached(mailbox.name(), mailbox, true, Rights.ALL);
  }

  boolean may(Right right) {
    return rights.has(right);
  }

  /** Whether anything can be changed in it. RFC 4314 section 5.2. */
  boolean isWritable() {
    return rights.hasAny(OF_WRITING);
  }

  /**
   * Why something cannot be done with {@code found}; empty when it can. To somebody who may not
   * know of a mailbox it does not exist. RFC 4314 section 6.
   *
   * @param nonexistent what is said when it does not exist
   */
  static Optional<ImapReply> refusal(Optional<Reached> found, Right needed, ImapReply nonexistent) {
    if (found.isPresent() && found.get().may(needed)) {
      return Optional.empty();
    }
    boolean known = found.isPresent() && found.get().may(Right.LOOKUP);
    return Optional.of(known ? noPermission() : nonexistent);
  }

  /** The same where a mailbox that does not exist could be made. RFC 3501 section 7.1. */
  static Optional<ImapReply> refusalAsTarget(Optional<Reached> found) {
    return refusal(found, Right.INSERT, ImapReply.no(ResponseCode.TRY_CREATE, "No such mailbox"));
  }

  static ImapReply nonexistent() {
    return ImapReply.no(ResponseCode.NONEXISTENT, "No such mailbox");
  }

  static ImapReply noPermission() {
    return ImapReply.no(ResponseCode.NO_PERMISSION, "You may not do that in this mailbox");
  }

  /** Those of {@code flags} that the account may set there. RFC 4314 section 4. */
  Flags settable(Flags flags) {
    return changesEveryFlag()
        ? flags
        : new Flags(
            flags.system() & settableSystem(),
            may(Right.WRITE) ? flags.keywords() : Flags.NONE.keywords());
  }

  /** Bits of the system flags that the account may change there. */
  int settableSystem() {
    int bits = 0;
    for (SystemFlag flag : SystemFlag.values()) {
      bits |= may(rightFor(flag)) ? flag.bit() : 0;
    }
    return bits;
  }

  /** Whether the account may change any flag at all. */
  boolean changesFlags() {
    return rights.hasAny(OF_FLAGS);
  }

  boolean changesEveryFlag() {
    return OF_FLAGS.minus(rights).isEmpty();
  }

  private static Right rightFor(SystemFlag flag) {
    return switch (flag) {
      case SEEN -> Right.SEEN;
      case DELETED -> Right.MARK;
      case ANSWERED, FLAGGED, DRAFT -> Right.WRITE;
    };
  }
}
