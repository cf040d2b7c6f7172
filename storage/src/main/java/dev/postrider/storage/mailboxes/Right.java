package dev.postrider.storage.mailboxes;

import java.util.Optional;

/** What somebody may be allowed to do with a mailbox. RFC 4314 section 2.1. */
public enum Right {
  /** It is listed. */
  LOOKUP('l'),
  /** It can be opened and read. */
  READ('r'),
  /** {@code \Seen} can be changed. */
  SEEN('s'),
  /** Flags but {@code \Seen} and {@code \Deleted} can be changed. */
  WRITE('w'),
  /** Messages can be put into it. */
  INSERT('i'),
  /** Mail can be sent to it; it is kept for clients that ask, nothing depends on it. */
  POST('p'),
  /** Mailboxes can be made below it. */
  CREATE('k'),
  /** It can be deleted or renamed. */
  DELETE('x'),
  /** {@code \Deleted} can be changed. */
  MARK('t'),
  /** Messages that are marked can be expunged. */
  EXPUNGE('e'),
  /** Who has which rights can be seen and changed. */
  ADMINISTER('a');

  private final char letter;

  Right(char letter) {
    this.letter = letter;
  }

  static Optional<Right> of(char letter) {
    for (Right right : values()) {
      if (right.letter == letter) {
        return Optional.of(right);
      }
    }
    return Optional.empty();
  }

  public char letter() {
    return letter;
  }

  int bit() {
    return 1 << (letter - 'a');
  }
}
