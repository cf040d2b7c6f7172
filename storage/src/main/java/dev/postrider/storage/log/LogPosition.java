package dev.postrider.storage.log;

/**
 * A place between two records of the log.
 *
 * @param segment number of the segment, from 1; 0 is before everything
 * @param offset octets from the start of the segment to the next record
 * @param sequence of the next record
 */
public record LogPosition(int segment, long offset, long sequence)
    implements Comparable<LogPosition> {

  /** Before the first record of the first segment. */
  public static final LogPosition START = new LogPosition(0, 0, 1);

  @Override
  public int compareTo(LogPosition other) {
    return Long.compare(sequence, other.sequence);
  }
}
