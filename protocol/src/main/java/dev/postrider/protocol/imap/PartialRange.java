package dev.postrider.protocol.imap;

/**
 * Some of several messages, by their place among them. RFC 9394 section 4, partial-range.
 *
 * @param first place, from 1
 * @param last place, from 1; the two are in the order in which they were written
 * @param fromEnd whether 1 is the last of them, not the first
 */
public record PartialRange(long first, long last, boolean fromEnd) {

  /** Index of the lowest that is meant, where there are {@code count}. */
  public int from(int count) {
    long place = fromEnd ? count - Math.max(first, last) : Math.min(first, last) - 1;
    return Math.clamp(place, 0, count);
  }

  /** Index behind the highest that is meant; not above {@link #from} where none is. */
  public int to(int count) {
    long place = fromEnd ? count - Math.min(first, last) + 1 : Math.max(first, last);
    return Math.clamp(place, 0, count);
  }

  /**
   * So many have to be found, from the first or from the last on, before all that are meant are.
   */
  public int enough() {
    return (int) Math.min(Math.max(first, last), Integer.MAX_VALUE);
  }

  /** How many are meant, whether there are so many or not. */
  public long size() {
    return Math.abs(last - first) + 1;
  }

  /** As on the wire. */
  @Override
  public String toString() {
    String sign = fromEnd ? "-" : "";
    return sign + first + ":" + sign + last;
  }
}
