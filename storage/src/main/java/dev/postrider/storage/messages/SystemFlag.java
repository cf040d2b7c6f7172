package dev.postrider.storage.messages;

/** The flags that IMAP defines, but {@code \\Recent}. RFC 3501 section 2.3.2. */
public enum SystemFlag {
  SEEN("\\Seen", 1),
  ANSWERED("\\Answered", 2),
  FLAGGED("\\Flagged", 4),
  DELETED("\\Deleted", 8),
  DRAFT("\\Draft", 16);

  private final String text;
  private final int bit;

  SystemFlag(String text, int bit) {
    this.text = text;
    this.bit = bit;
  }

  /** Its bit in {@link Flags#system}; written to disk, so it never changes. */
  public int bit() {
    return bit;
  }

  /** As IMAP writes it, with the backslash. */
  public String text() {
    return text;
  }
}
