package dev.postrider.storage.messages;

import java.util.Arrays;
import java.util.stream.LongStream;

/**
 * The latest changes of a mailbox, so that a session that looks often need not go through all
 * messages. Complete for what is after {@link #floor}; older events are forgotten.
 */
final class RecentEvents {

  /** Events kept; 16 octets each. */
  private static final int EVENTS_MAX = 8192;

  private static final int INITIAL = 16;

  private long floor;
  private int count;
  private long[] modSeqs = new long[INITIAL];

  /** Negative: the message vanished. */
  private long[] uids = new long[INITIAL];

  RecentEvents(long floor) {
    this.floor = floor;
  }

  /** The MODSEQ after which every event is here. */
  long floor() {
    return floor;
  }

  void changed(long modSeq, long uid) {
    add(modSeq, uid);
  }

  void vanished(long modSeq, long uid) {
    add(modSeq, -uid);
  }

  /** UIDs of messages that are new or have other flags after {@code modSeq}. */
  UidSet changedAfter(long modSeq) {
    return UidSet.of(after(modSeq).filter(uid -> uid > 0).toArray());
  }

  UidSet vanishedAfter(long modSeq) {
    return UidSet.of(after(modSeq).filter(uid -> uid < 0).map(uid -> -uid).toArray());
  }

  private LongStream after(long modSeq) {
    int from = Arrays.binarySearch(modSeqs, 0, count, modSeq);
    int start = from >= 0 ? from : -from - 1;
    while (start < count && modSeqs[start] <= modSeq) {
      start++;
    }
    return Arrays.stream(uids, start, count);
  }

  private void add(long modSeq, long uid) {
    if (count == EVENTS_MAX) {
      int dropped = EVENTS_MAX / 2;
      floor = modSeqs[dropped - 1];
      System.arraycopy(modSeqs, dropped, modSeqs, 0, count - dropped);
      System.arraycopy(uids, dropped, uids, 0, count - dropped);
      count -= dropped;
    }
    if (count == uids.length) {
      modSeqs = Arrays.copyOf(modSeqs, count * 2);
      uids = Arrays.copyOf(uids, count * 2);
    }
    modSeqs[count] = modSeq;
    uids[count] = uid;
    count++;
  }
}
