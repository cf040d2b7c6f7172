package dev.postrider.server.transfer;

import java.util.Arrays;

/** How many there are of each digest, in flat arrays. */
final class DigestCounts {

  static final int DIGEST_OCTETS = 32;

  private static final int FREE = -1;

  /** Digests one after the other, in the order in which they first came. */
  private final byte[] digests;

  private final int[] counts;

  /** Where a digest stands, by its first octets; twice as many as digests, so runs are short. */
  private final int[] slots;

  private int size;

  /**
   * @param most distinct digests
   */
  DigestCounts(int most) {
    digests = new byte[Math.multiplyExact(most, DIGEST_OCTETS)];
    counts = new int[most];
    slots = new int[Math.max(2, Integer.highestOneBit(Math.max(1, most)) * 4)];
    Arrays.fill(slots, FREE);
  }

  void add(byte[] digest) {
    int slot = slotOf(digest);
    if (slots[slot] == FREE) {
      System.arraycopy(digest, 0, digests, size * DIGEST_OCTETS, DIGEST_OCTETS);
      slots[slot] = size++;
    }
    counts[slots[slot]]++;
  }

  /** Whether there was one; if so, there is one less now. */
  boolean take(byte[] digest) {
    int at = slots[slotOf(digest)];
    if (at == FREE || counts[at] == 0) {
      return false;
    }
    counts[at]--;
    return true;
  }

  /** The slot that has the digest, or the free one where it belongs. */
  private int slotOf(byte[] digest) {
    int hash =
        (digest[0] & 0xFF) << 24
            | (digest[1] & 0xFF) << 16
            | (digest[2] & 0xFF) << 8
            | (digest[3] & 0xFF);
    int slot = hash & (slots.length - 1);
    while (slots[slot] != FREE && !isAt(slots[slot], digest)) {
      slot = (slot + 1) & (slots.length - 1);
    }
    return slot;
  }

  private boolean isAt(int index, byte[] digest) {
    int from = index * DIGEST_OCTETS;
    return Arrays.equals(digests, from, from + DIGEST_OCTETS, digest, 0, DIGEST_OCTETS);
  }
}
