package dev.postrider.server.imap;

import dev.postrider.protocol.imap.PartialRange;
import java.util.BitSet;

/**
 * The part of what a search has found that the client asked for. RFC 9394 section 3.1.
 *
 * @param range as it asked
 * @param positions those of the messages that are in it
 */
record PartialResult(PartialRange range, BitSet positions) {

  /** {@code found}: all of it, or as much from the right end on as is needed for {@code range}. */
  static PartialResult of(PartialRange range, BitSet found) {
    int count = found.cardinality();
    int from = range.from(count);
    int to = range.to(count);
    BitSet positions = new BitSet();
    found.stream().skip(from).limit(Math.max(0, to - from)).forEach(positions::set);
    return new PartialResult(range, positions);
  }
}
