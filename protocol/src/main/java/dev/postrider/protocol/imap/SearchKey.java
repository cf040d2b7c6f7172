package dev.postrider.protocol.imap;

import java.time.LocalDate;
import java.util.List;

/** What SEARCH looks for. RFC 3501 section 6.4.4. */
public sealed interface SearchKey {

  /** Whether {@link ModSeq} is in it; then the highest of what is found is told too. */
  default boolean asksForModSeq() {
    return false;
  }

  /** Whether sequence numbers are in it, so that none may change meanwhile. */
  default boolean countsMessages() {
    return false;
  }

  /** Every message. */
  record All() implements SearchKey {}

  /** Messages that match all of {@code keys}. */
  record And(List<SearchKey> keys) implements SearchKey {
    public And {
      keys = List.copyOf(keys);
    }

    @Override
    public boolean asksForModSeq() {
      return keys.stream().anyMatch(SearchKey::asksForModSeq);
    }

    @Override
    public boolean countsMessages() {
      return keys.stream().anyMatch(SearchKey::countsMessages);
    }
  }

  record Or(SearchKey left, SearchKey right) implements SearchKey {
    @Override
    public boolean asksForModSeq() {
      return left.asksForModSeq() || right.asksForModSeq();
    }

    @Override
    public boolean countsMessages() {
      return left.countsMessages() || right.countsMessages();
    }
  }

  record Not(SearchKey key) implements SearchKey {
    @Override
    public boolean asksForModSeq() {
      return key.asksForModSeq();
    }

    @Override
    public boolean countsMessages() {
      return key.countsMessages();
    }
  }

  /** A system flag with its backslash, or a keyword. */
  record HasFlag(String flag) implements SearchKey {}

  /** {@code \Recent} in this session. */
  record Recent() implements SearchKey {}

  /** A date without time and zone, of arrival or, for {@code sent}, of the Date header. */
  record Dated(boolean sent, Relation relation, LocalDate date) implements SearchKey {}

  /**
   * The date, without time and zone, on which a message came into this mailbox. RFC 8514 section
   * 4.3.
   */
  record Saved(Relation relation, LocalDate date) implements SearchKey {}

  /**
   * Arrived at least, or for {@code older} false at most, so many seconds ago; exactly so many is
   * both. RFC 5032 section 3.
   */
  record Within(boolean older, long seconds) implements SearchKey {}

  /** RFC822.SIZE strictly larger or smaller. */
  record Sized(boolean larger, long octets) implements SearchKey {}

  /** A header field that contains {@code text}; an empty one: that is there at all. */
  record Header(String field, String text) implements SearchKey {}

  /** The bodies, without headers. */
  record Body(String text) implements SearchKey {}

  /** Headers and bodies. */
  record Text(String text) implements SearchKey {}

  /** Sequence numbers or UIDs, which is one where the set is {@code $}. */
  record Numbered(boolean byUid, SequenceSet messages) implements SearchKey {
    @Override
    public boolean countsMessages() {
      return !byUid && !messages.isSaved();
    }
  }

  /** An object identifier, whose letters are compared as they are. RFC 8474 section 6. */
  record EmailId(String id) implements SearchKey {}

  /** The same of a thread. */
  record ThreadId(String id) implements SearchKey {}

  /** A mod-sequence of {@code from} or higher. RFC 7162 section 3.1.5. */
  record ModSeq(long from) implements SearchKey {
    @Override
    public boolean asksForModSeq() {
      return true;
    }
  }

  /** How a date compares. */
  enum Relation {
    BEFORE,
    ON,
    SINCE;

    /** Whether {@code date} is so to {@code other}. */
    public boolean holds(LocalDate date, LocalDate other) {
      return switch (this) {
        case BEFORE -> date.isBefore(other);
        case ON -> date.equals(other);
        case SINCE -> !date.isBefore(other);
      };
    }
  }
}
