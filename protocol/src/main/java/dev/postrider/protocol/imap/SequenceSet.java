package dev.postrider.protocol.imap;

import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Collectors;

/**
 * Some message sequence numbers or UIDs, as a client names them: {@code 2,4:7,9:*}. RFC 3501
 * section 9, sequence-set.
 *
 * <p>What {@code *} means is not known before the mailbox is looked at, hence {@link #resolve}.
 */
public record SequenceSet(List<Range> ranges) {

  /** Stands for {@code *}, the largest number in use. */
  public static final long LARGEST = 0;

  /** Largest number that can be written. RFC 3501 section 9, nz-number. */
  public static final long NUMBER_MAX = 0xFFFF_FFFFL;

  /**
   * {@code $}: the messages that a SEARCH has saved. No other set is without a range. What it
   * stands for depends on the mailbox alone, so it cannot be resolved here. RFC 5182 section 3.
   */
  public static final SequenceSet SAVED = new SequenceSet(List.of());

  /** {@code 1:*}. */
  public static final SequenceSet EVERYTHING = of(1, LARGEST);

  /** Ranges of one set. */
  public static final int RANGES_MAX = 10_000;

  public SequenceSet {
    ranges = List.copyOf(ranges);
  }

  public static SequenceSet of(long number) {
    return new SequenceSet(List.of(new Range(number, number)));
  }

  public static SequenceSet of(long first, long last) {
    return new SequenceSet(List.of(new Range(first, last)));
  }

  /** Whether it is {@link #SAVED}. */
  public boolean isSaved() {
    return ranges.isEmpty();
  }

  /** Whether it depends on what the largest number is. */
  public boolean hasLargest() {
    return ranges.stream().anyMatch(r -> r.first() == LARGEST || r.last() == LARGEST);
  }

  /** Whether its numbers, none of which is {@code *}, are written in their order, each once. */
  public boolean isAscending() {
    long before = 0;
    for (Range range : ranges) {
      if (range.first() <= before || range.last() < range.first()) {
        return false;
      }
      before = range.last();
    }
    return true;
  }

  /** How many numbers an ascending set has. */
  public long span() {
    return ranges.stream().mapToLong(range -> range.last() - range.first() + 1).sum();
  }

  /**
   * The set when the largest number in use is {@code largest}, which is 0 for an empty mailbox.
   * {@code 559:*} includes the largest number even when that is below 559.
   */
  public Resolved resolve(long largest) {
    if (isSaved()) {
      throw new IllegalStateException("$ has no numbers of its own");
    }
    long[][] pairs =
        ranges.stream()
            .map(range -> range.resolve(largest))
            .sorted(Comparator.comparingLong(pair -> pair[0]))
            .toArray(long[][]::new);
    int count = 0;
    for (long[] pair : pairs) {
      if (count > 0 && pair[0] <= pairs[count - 1][1] + 1) {
        pairs[count - 1][1] = Math.max(pairs[count - 1][1], pair[1]);
      } else {
        pairs[count++] = pair;
      }
    }
    return new Resolved(Arrays.copyOf(pairs, count));
  }

  /** As on the wire. */
  @Override
  public String toString() {
    return isSaved() ? "$" : ranges.stream().map(Range::toString).collect(Collectors.joining(","));
  }

  /** From one number to another, both included, in any order; each may be {@link #LARGEST}. */
  public record Range(long first, long last) {

    private long[] resolve(long largest) {
      long a = first == LARGEST ? largest : first;
      long b = last == LARGEST ? largest : last;
      return new long[] {Math.min(a, b), Math.max(a, b)};
    }

    @Override
    public String toString() {
      return first == last ? text(first) : text(first) + ":" + text(last);
    }

    private static String text(long number) {
      return number == LARGEST ? "*" : Long.toString(number);
    }
  }

  /** The same with numbers alone: disjoint ranges, ascending. */
  public static final class Resolved {

    private final long[][] ranges;

    private Resolved(long[][] ranges) {
      this.ranges = ranges;
    }

    public boolean contains(long number) {
      int low = 0;
      int high = ranges.length - 1;
      while (low <= high) {
        int middle = (low + high) >>> 1;
        if (number < ranges[middle][0]) {
          high = middle - 1;
        } else if (number > ranges[middle][1]) {
          low = middle + 1;
        } else {
          return true;
        }
      }
      return false;
    }

    public int size() {
      return ranges.length;
    }

    /** Lowest number of the range at {@code index}, which counts from 0. */
    public long first(int index) {
      return ranges[index][0];
    }

    /** Highest number of the range at {@code index}. */
    public long last(int index) {
      return ranges[index][1];
    }

    /** Highest number of all; 0 when there is none. */
    public long highest() {
      return ranges.length == 0 ? 0 : ranges[ranges.length - 1][1];
    }

    /** Lowest number of all; 0 when there is none, or when it stands for an empty mailbox. */
    public long lowest() {
      return ranges.length == 0 ? 0 : ranges[0][0];
    }
  }
}
