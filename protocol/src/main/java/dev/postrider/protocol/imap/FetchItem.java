package dev.postrider.protocol.imap;

import java.util.List;
import java.util.Optional;

/** One thing that FETCH asks for. RFC 3501 section 6.4.5. */
public sealed interface FetchItem {

  /** FLAGS. */
  record MessageFlags() implements FetchItem {}

  /** INTERNALDATE. */
  record InternalDate() implements FetchItem {}

  /** When it came into this mailbox: SAVEDATE. RFC 8514 section 4.2. */
  record SaveDate() implements FetchItem {}

  /** RFC822.SIZE. */
  record Size() implements FetchItem {}

  /** UID. */
  record UniqueId() implements FetchItem {}

  /** MODSEQ. RFC 7162 section 3.1.4.2. */
  record ModSeq() implements FetchItem {}

  /** EMAILID: alike for all that have the same octets by COPY or MOVE. RFC 8474 section 5.1. */
  record EmailId() implements FetchItem {}

  /** THREADID. RFC 8474 section 5.2. */
  record ThreadId() implements FetchItem {}

  /**
   * What the message begins with, as text: PREVIEW. RFC 8970 section 3.
   *
   * @param lazy whether nothing may be answered where it would take long
   */
  record Preview(boolean lazy) implements FetchItem {}

  /** ENVELOPE. */
  record Envelope() implements FetchItem {}

  /** BODYSTRUCTURE, or BODY without a section, which leaves out the extension data. */
  record BodyStructure(boolean extensible) implements FetchItem {}

  /**
   * Octets of the message: BODY[section], and the older RFC822, RFC822.HEADER and RFC822.TEXT.
   *
   * @param peek whether {@code \Seen} stays as it is
   * @param partial which octets of the section
   * @param label the item's name in the response, without the origin octet
   */
  record Body(BodySection section, boolean peek, Optional<Partial> partial, String label)
      implements FetchItem {}

  /**
   * A part without its transfer encoding: BINARY[part]. RFC 3516 section 4.2.
   *
   * @param part as of {@link BodySection}
   * @param partial which octets of what was decoded
   */
  record Binary(List<Integer> part, boolean peek, Optional<Partial> partial) implements FetchItem {
    public Binary {
      part = List.copyOf(part);
    }
  }

  /** Octets of the same: BINARY.SIZE[part]. */
  record BinarySize(List<Integer> part) implements FetchItem {
    public BinarySize {
      part = List.copyOf(part);
    }
  }

  /**
   * Which octets of a section.
   *
   * @param offset from 0
   * @param octets at most, from 1
   */
  record Partial(long offset, long octets) {}
}
