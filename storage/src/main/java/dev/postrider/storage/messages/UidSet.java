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
    return new UidSet(Arrays.stream(uids).sorted().distinct().toArray());
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
