package dev.postrider.protocol.message;

/** What one line is while a header is read; the rule that all readers of headers here share. */
enum HeaderLine {
  /** Ends the header. */
  BLANK,

  /** Begins with white space: goes on with the field before it. RFC 5322 section 2.2.3. */
  CONTINUATION,

  /** {@code name: …}. */
  FIELD,

  /** A line of an mbox, {@code From a@b Mon …}, that somebody left at the top. */
  MBOX_FROM,

  /** None of these: the blank line is missing, and the body begins here. */
  BODY;

  private static final int NAME_CHARS_MAX = 998;

  /**
   * What the line {@code octets[start, end)}, without its ending, is.
   *
   * @param first whether it is the first line of the header
   */
  static HeaderLine of(byte[] octets, int start, int end, boolean first) {
    if (start == end) {
      return BLANK;
    }
    byte octet = octets[start];
    if (octet == ' ' || octet == '\t') {
      return first ? BODY : CONTINUATION;
    }
    if (nameEnd(octets, start, end) >= 0) {
      return FIELD;
    }
    return first && startsWithFrom(octets, start, end) ? MBOX_FROM : BODY;
  }

  /** Index behind the name of the field that begins at {@code start}, or -1 when none does. */
  static int nameEnd(byte[] octets, int start, int end) {
    int i = start;
    int limit = Math.min(end, start + NAME_CHARS_MAX);
    // RFC 5322 section 2.2: printable but for the colon.
    while (i < limit && octets[i] > ' ' && octets[i] < 0x7f && octets[i] != ':') {
      i++;
    }
    int colon = i;
    // RFC 5322 section 4.5.8: white space before the colon is obsolete syntax.
    while (colon < end && (octets[colon] == ' ' || octets[colon] == '\t')) {
      colon++;
    }
    return i > start && colon < end && octets[colon] == ':' ? i : -1;
  }

  private static boolean startsWithFrom(byte[] octets, int start, int end) {
    return end - start > 5
        && octets[start] == 'F'
        && octets[start + 1] == 'r'
        && octets[start + 2] == 'o'
        && octets[start + 3] == 'm'
        && octets[start + 4] == ' ';
  }
}
