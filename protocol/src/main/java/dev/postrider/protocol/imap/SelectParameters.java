package dev.postrider.protocol.imap;

import java.util.Optional;

/**
 * What stands in parentheses behind the mailbox of SELECT or EXAMINE. RFC 4466 section 2.1.
 *
 * @param condstore RFC 7162 section 3.1.8
 * @param resync what the client knows of the mailbox, when it wants to be told the rest
 */
public record SelectParameters(boolean condstore, Optional<Resync> resync) {

  public static final SelectParameters NONE = new SelectParameters(false, Optional.empty());

  /**
   * The parameter QRESYNC. RFC 7162 section 3.2.5.
   *
   * @param uidValidity of the mailbox that the client knows; another one has nothing of it
   * @param modSeq up to where it knows all, from 1
   * @param known the UIDs that it has, without {@code *}; empty: it may have any
   * @param sample of what it has
   */
  public record Resync(
      long uidValidity, long modSeq, Optional<SequenceSet> known, Optional<Sample> sample) {}

  /**
   * Sequence numbers of a client and their UIDs: as many in both sets, without {@code *}, each set
   * ascending. RFC 7162 section 3.2.5.2.
   */
  public record Sample(SequenceSet numbers, SequenceSet uids) {}
}
