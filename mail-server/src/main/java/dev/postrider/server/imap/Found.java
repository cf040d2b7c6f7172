package dev.postrider.server.imap;

import java.util.Arrays;
import java.util.BitSet;
import java.util.PrimitiveIterator;

/** Positions of the messages that a command has found, in the order in which they are told. */
interface Found {

  int count();

  PrimitiveIterator.OfInt positions();

  /** Of what is not empty. */
  int first();

  /** Of what is not empty. */
  int last();

  default boolean isEmpty() {
    return count() == 0;
  }

  /** As they are in the mailbox: one bit each. */
  static Found inMailbox(BitSet found) {
    return new Found() {
      @Override
      public int count() {
        return found.cardinality();
      }

      @Override
      public PrimitiveIterator.OfInt positions() {
        return found.stream().iterator();
      }

      @Override
      public int first() {
        return found.nextSetBit(0);
      }

      @Override
      public int last() {
        return found.length() - 1;
      }

      @Override
      public boolean isEmpty() {
        return found.isEmpty();
      }
    };
  }

  static Found sorted(int[] found) {
    return new Found() {
      @Override
      public int count() {
        return found.length;
      }

      @Override
      public PrimitiveIterator.OfInt positions() {
        return Arrays.stream(found).iterator();
      }

      @Override
      public int first() {
        return found[0];
      }

      @Override
      public int last() {
        return found[found.length - 1];
      }
    };
  }
}
