package dev.postrider.server.imap;

import dev.postrider.storage.mailboxes.Right;
import dev.postrider.storage.mailboxes.Rights;
import java.util.Optional;

/**
 * Rights between the wire and the store. RFC 2086 had one right for what is two now: {@code c}
 * stands for {@code k} and {@code x}, {@code d} for {@code t} and {@code e}; they are taken, and
 * told besides, for its clients. RFC 4314 section 2.1.1.
 */
final class RightsText {

  private static final Rights CREATE = Rights.of(Right.CREATE, Right.DELETE);
  private static final Rights DELETE = Rights.of(Right.MARK, Right.EXPUNGE);

  private RightsText() {}

  /** Empty when a letter stands for no right: capitals never do. */
  static Optional<Rights> parse(String letters) {
    Rights virtual = Rights.NONE;
    virtual = virtual.plus(letters.indexOf('c') >= 0 ? CREATE : Rights.NONE);
    virtual = virtual.plus(letters.indexOf('d') >= 0 ? DELETE : Rights.NONE);
    Rights both = virtual;
    return Rights.parse(letters.replace("c", "").replace("d", "")).map(both::plus);
  }

  /** With {@code c} and {@code d} where a part of them is there. */
  static String of(Rights rights) {
    return rights.letters()
        + (rights.hasAny(CREATE) ? "c" : "")
        + (rights.hasAny(DELETE) ? "d" : "");
  }
}
