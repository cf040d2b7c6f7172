package dev.postrider.storage.messages;

import dev.postrider.storage.changes.BodyLocation;
import java.io.IOException;
import java.nio.ByteBuffer;

/**
 * Octets of a segment behind a body that was read: most likely the next ones that are asked for.
 *
 * <p>They may be read before they are written: whoever takes a body from here compares its
 * checksum, and reads it again where that is wrong. Nothing is read ahead before two bodies were
 * asked for that lie close behind one another. Thread: one at a time.
 */
final class ReadAhead {

  /** Octets that are read at once. */
  private static final int OCTETS = 64 * 1024;

  /** A larger body gains nothing. */
  private static final int BODY_OCTETS_MAX = 16 * 1024;

  /** Other records may lie between two bodies. */
  private static final int GAP_OCTETS_MAX = 16 * 1024;

  private static final int NOWHERE = -1;

  private static final byte[] NONE = {};

  private byte[] octets = NONE;
  private int segment = NOWHERE;
  private long start;
  private int length;

  /** Behind the body that was asked for last. */
  private long end;

  /** Where the body at {@code location} begins in {@link #octets}; negative: it is not there. */
  int find(BodyLocation location) {
    if (location.isPacked() || location.octets() > BODY_OCTETS_MAX) {
      return NOWHERE;
    }
    long at = location.offset() - start;
    boolean there = segment == location.segment() && at >= 0 && at + location.octets() <= length;
    if (there) {
      end = location.offset() + location.octets();
    }
    return there ? (int) at : NOWHERE;
  }

  /** The same, once it was looked for in vain: it is read when that is worth it. */
  int read(BodyLocation location, BodyOctets.Lease lease) throws IOException {
    if (location.isPacked() || location.octets() > BODY_OCTETS_MAX) {
      return NOWHERE;
    }
    long gap = location.offset() - end;
    boolean follows = segment == location.segment() && gap >= 0 && gap <= GAP_OCTETS_MAX;
    segment = location.segment();
    start = location.offset();
    end = start + location.octets();
    length = 0;
    if (!follows) {
      return NOWHERE;
    }
    if (octets.length == 0) {
      octets = new byte[OCTETS];
    }
    ByteBuffer target = ByteBuffer.wrap(octets);
    lease.readAhead(start, target);
    length = target.position();
    return find(location);
  }

  byte[] octets() {
    return octets;
  }
}
