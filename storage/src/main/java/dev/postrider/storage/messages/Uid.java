package dev.postrider.storage.messages;

/** Unique identifier of a message in a mailbox, 1 to 4294967295. RFC 3501 section 2.3.1.1. */
public record Uid(long value) implements Comparable<Uid> {

  public static final long MAX = 0xFFFF_FFFFL;

  @Override
  public int compareTo(Uid other) {
    return Long.compare(value, other.value);
  }
}
