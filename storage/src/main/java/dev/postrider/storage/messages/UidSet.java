package dev.postrider.storage.messages;

import java.util.Arrays;
import java.util.stream.LongStream;

/** Some UIDs of one mailbox, ascending, each once. */
public final class UidSet {

  private final long[] uids;

  private UidSet(long[] uids) {
    this.uids = uids;
  }

  /** Takes UIDs in any order. */
  public static UidSet of(long... uids) {
    long[] sorted = uids.clone();
    Arrays.sort(sorted);
    int kept = 0;
    // By hand: a stream would box a million of them to find those that are there twice.
    for (int i = 0; i < sorted.length; i++) {
      if (i == 0 || sorted[i] != sorted[i - 1]) {
        sorted[kept++] = sorted[i];
      }
    }
    return new UidSet(kept == sorted.length ? sorted : Arrays.copyOf(sorted, kept));
  }

  public int size() {
    return uids.length;
  }

  public boolean isEmpty() {
    return uids.length == 0;
  }

  /** The UID at {@code index}, which counts from 0. */
  public long get(int index) {
    return uids[index];
  }

  public boolean contains(long uid) {
    return Arrays.binarySearch(uids, uid) >= 0;
  }

  public LongStream stream() {
    return Arrays.stream(uids);
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof UidSet that && Arrays.equals(uids, that.uids);
  }

  @Override
  public int hashCode() {
    return Arrays.hashCode(uids);
  }

  @Override
  public String toString() {
    return Arrays.toString(uids);
  }
}
