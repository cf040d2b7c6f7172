package dev.postrider.protocol.imap;

/** Every deviation from a standard that is let through, and for whose sake. */
public enum Leniency {
  /** Spaces behind a command's last argument. RFC 3501 section 9; older iOS Mail, scripts. */
  TRAILING_SPACES,
  /**
   * UTF-8 within quotes, where only US-ASCII may stand. RFC 3501 section 9, TEXT-CHAR; Outlook and
   * scripts with non-ASCII passwords, K-9 with non-ASCII search words.
   */
  UTF8_IN_QUOTES,
  /**
   * {@code \Recent} among the flags of APPEND and STORE is passed over. RFC 3501 section 2.3.2;
   * clients that send back the flags that they were given.
   */
  RECENT_IN_FLAGS,
  /** A day of one digit without a space before it. RFC 3501 section 9, date-day-fixed; scripts. */
  ONE_DIGIT_DAY,
  /** {@code ID} fields that repeat or have the value NIL. RFC 2971 section 3.3; Thunderbird. */
  LOOSE_ID,
  /**
   * Options of GETMETADATA behind the mailbox, as its examples have them. RFC 5464 section 5,
   * getmetadata; clients that were written by the examples.
   */
  METADATA_OPTIONS_BEHIND,
  /**
   * NUL in a message that is appended and fetched, where a literal has CHAR8. RFC 3501 section 9;
   * mbsync, which compares what it gets back.
   */
  NUL_IN_MESSAGE,
  /**
   * Octets above 127 in the header of an appended message, from a client that has not said UTF8=
   * ACCEPT. RFC 6855 section 4; mbsync, OfflineIMAP and all that copy mail of other people, which
   * is not lost for that.
   */
  EIGHT_BIT_HEADER,
  /**
   * Lines of an appended message that end in a bare LF are kept as they are. RFC 3501 section
   * 6.3.11 with RFC 2822 section 2.3; mbsync and scripts that upload a Maildir.
   */
  BARE_LF_IN_MESSAGE,
  /**
   * {@code *} and sequence numbers in SEARCH that no message has match nothing. RFC 3501 section 9,
   * seq-number; K-9 and mutt, which count before an EXPUNGE that they have not seen.
   */
  UNKNOWN_NUMBER_IN_SEARCH,
}
