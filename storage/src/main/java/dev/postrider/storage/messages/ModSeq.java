package dev.postrider.storage.messages;

/** Modification sequence of a mailbox or message, 1 to 2^63-1. RFC 7162 section 3.1. */
public record ModSeq(long value) implements Comparable<ModSeq> {
  @Override
  public int compareTo(ModSeq other) {
    return Long.compare(value, other.value);
  }
}
