package dev.postrider.server.imap;

import java.nio.ByteBuffer;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Arrays;

/**
 * Numbers for texts: the same number for the same octets, from 0 in the order in which they come
 * first. Of a text it keeps 128 bits of its SHA-256, whatever its length; nobody can find two that
 * have these in common.
 *
 * <p>Texts are in a table with open addressing, which is never more than half full.
 */
final class NumberedTexts {

  private static final int SLOTS_MIN = 64;

  private static final int FREE = -1;

  private final MessageDigest digest;
  private long[] high = new long[SLOTS_MIN];
  private long[] low = new long[SLOTS_MIN];
  private int[] numbers = free(SLOTS_MIN);
  private int count;

  NumberedTexts() {
    try {
      digest = MessageDigest.getInstance("SHA-256");
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every JDK has SHA-256", e);
    }
  }

  /** How many different texts have come; the next new one has this number. */
  int count() {
    return count;
  }

  int number(byte[] text) {
    ByteBuffer hash = ByteBuffer.wrap(digest.digest(text));
    long h = hash.getLong();
    long l = hash.getLong();
    int slot = slot(h, l);
    if (numbers[slot] != FREE) {
      return numbers[slot];
    }
    put(slot, h, l, count);
    count++;
    if (2 * count > numbers.length) {
      grow();
    }
    return count - 1;
  }

  /** Where it is, or is to be put. */
  private int slot(long h, long l) {
    int slot = (int) h & (numbers.length - 1);
    while (numbers[slot] != FREE && (high[slot] != h || low[slot] != l)) {
      slot = (slot + 1) & (numbers.length - 1);
    }
    return slot;
  }

  private void put(int slot, long h, long l, int number) {
    high[slot] = h;
    low[slot] = l;
    numbers[slot] = number;
  }

  private void grow() {
    long[] oldHigh = high;
    long[] oldLow = low;
    int[] oldNumbers = numbers;
    int slots = 2 * oldNumbers.length;
    high = new long[slots];
    low = new long[slots];
    numbers = free(slots);
    for (int i = 0; i < oldNumbers.length; i++) {
      if (oldNumbers[i] != FREE) {
        put(slot(oldHigh[i], oldLow[i]), oldHigh[i], oldLow[i], oldNumbers[i]);
      }
    }
  }

  private static int[] free(int slots) {
    int[] numbers = new int[slots];
    Arrays.fill(numbers, FREE);
    return numbers;
  }
}
