package dev.postrider.protocol.imap;

import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Locale;

/**
 * What stands in brackets before the text of a status response, for programs. RFC 3501 section 7.1,
 * RFC 5530 section 3.
 */
public record ResponseCode(String text) {

  /** Of a URL that is said back. */
  private static final int URL_CHARS_MAX = 1000;

  public static final ResponseCode ALREADY_EXISTS = new ResponseCode("ALREADYEXISTS");
  public static final ResponseCode AUTHENTICATION_FAILED = new ResponseCode("AUTHENTICATIONFAILED");
  public static final ResponseCode CANNOT = new ResponseCode("CANNOT");
  public static final ResponseCode CLIENT_BUG = new ResponseCode("CLIENTBUG");

  /** What came before is of a mailbox that is not selected any more. RFC 7162 section 3.2.11. */
  public static final ResponseCode CLOSED = new ResponseCode("CLOSED");

  /** RFC 4978 section 3. */
  public static final ResponseCode COMPRESSION_ACTIVE = new ResponseCode("COMPRESSIONACTIVE");

  public static final ResponseCode EXPUNGE_ISSUED = new ResponseCode("EXPUNGEISSUED");
  public static final ResponseCode LIMIT = new ResponseCode("LIMIT");

  /** So many annotations cannot be. RFC 5464 section 4.3. */
  public static final ResponseCode METADATA_TOO_MANY = new ResponseCode("METADATA TOOMANY");

  public static final ResponseCode NONEXISTENT = new ResponseCode("NONEXISTENT");

  /** The right to do it is missing. RFC 5530 section 3. */
  public static final ResponseCode NO_PERMISSION = new ResponseCode("NOPERM");

  /** So much cannot be watched. RFC 5465 section 5.8. */
  public static final ResponseCode NOTIFICATION_OVERFLOW = new ResponseCode("NOTIFICATIONOVERFLOW");

  public static final ResponseCode OVER_QUOTA = new ResponseCode("OVERQUOTA");
  public static final ResponseCode PRIVACY_REQUIRED = new ResponseCode("PRIVACYREQUIRED");
  public static final ResponseCode READ_ONLY = new ResponseCode("READ-ONLY");
  public static final ResponseCode READ_WRITE = new ResponseCode("READ-WRITE");
  public static final ResponseCode SERVER_BUG = new ResponseCode("SERVERBUG");

  /** A literal or message that is larger than allowed. RFC 7889 section 4. */
  public static final ResponseCode TOO_BIG = new ResponseCode("TOOBIG");

  public static final ResponseCode TRY_CREATE = new ResponseCode("TRYCREATE");

  /** Messages are named by UID alone here. RFC 9586 section 3. */
  public static final ResponseCode UID_REQUIRED = new ResponseCode("UIDREQUIRED");

  /** Something that the server needs does not answer now. RFC 5530 section 3. */
  public static final ResponseCode UNAVAILABLE = new ResponseCode("UNAVAILABLE");

  /** A transfer encoding that nobody knows how to decode. RFC 3516 section 4.3. */
  public static final ResponseCode UNKNOWN_CTE = new ResponseCode("UNKNOWN-CTE");

  /** A command may be about so many messages. RFC 9738 section 3.1. */
  public static ResponseCode messageLimit(int messages) {
    return new ResponseCode("MESSAGELIMIT " + messages);
  }

  /**
   * The same of a command that was about more.
   *
   * @param lowestUid of those that it was carried out with, or would have been
   */
  public static ResponseCode messageLimit(int messages, long lowestUid) {
    return new ResponseCode("MESSAGELIMIT " + messages + " " + lowestUid);
  }

  /** Octets of the largest value that was asked for and not told. RFC 5464 section 4.2.1. */
  public static ResponseCode metadataLongEntries(long octets) {
    return new ResponseCode("METADATA LONGENTRIES " + octets);
  }

  /** Octets that a value may have. RFC 5464 section 4.3. */
  public static ResponseCode metadataMaxSize(long octets) {
    return new ResponseCode("METADATA MAXSIZE " + octets);
  }

  /** What {@code url} names is not there, or nobody can name anything so. RFC 4469 section 4.1. */
  public static ResponseCode badUrl(String url) {
    StringBuilder text = new StringBuilder();
    for (byte octet : url.getBytes(StandardCharsets.UTF_8)) {
      boolean plain = octet > ' ' && octet <= '~' && octet != ']' && octet != '\\' && octet != '"';
      text.append(
          plain ? String.valueOf((char) octet) : String.format(Locale.ROOT, "%%%02X", octet));
    }
    return new ResponseCode("BADURL " + text.substring(0, Math.min(text.length(), URL_CHARS_MAX)));
  }

  public static ResponseCode capability(List<String> capabilities) {
    return new ResponseCode("CAPABILITY " + String.join(" ", capabilities));
  }

  public static ResponseCode badCharset(List<String> supported) {
    return new ResponseCode("BADCHARSET (" + String.join(" ", supported) + ")");
  }

  public static ResponseCode permanentFlags(List<String> flags) {
    return new ResponseCode("PERMANENTFLAGS (" + String.join(" ", flags) + ")");
  }

  public static ResponseCode uidNext(long uid) {
    return new ResponseCode("UIDNEXT " + uid);
  }

  public static ResponseCode uidValidity(long uidValidity) {
    return new ResponseCode("UIDVALIDITY " + uidValidity);
  }

  /** A mailbox cannot be for what it was to be for. RFC 6154 section 3. */
  public static final ResponseCode USE_ATTR = new ResponseCode("USEATTR");

  /**
   * How far a command is: so many of so many, which are more. A closing bracket in its tag would
   * end the code. RFC 9585 section 4.
   */
  public static ResponseCode inProgress(String tag, long done, long goal) {
    String quoted = tag.contains("]") ? "NIL" : '"' + tag + '"';
    return new ResponseCode("INPROGRESS (" + quoted + " " + done + " " + goal + ")");
  }

  /** RFC 8474 section 4. */
  public static ResponseCode mailboxId(String id) {
    return new ResponseCode("MAILBOXID (" + id + ")");
  }

  /** RFC 7162 section 3.1.2.1. */
  public static ResponseCode highestModSeq(long modSeq) {
    return new ResponseCode("HIGHESTMODSEQ " + modSeq);
  }

  /**
   * Sequence numbers or UIDs, ascending, of messages that a conditional STORE left as they are. RFC
   * 7162 section 3.1.3.
   */
  public static ResponseCode modified(long[] messages) {
    return new ResponseCode("MODIFIED " + runs(messages));
  }

  /** The events that there are. RFC 5465 section 3.1. */
  public static ResponseCode badEvent(List<String> known) {
    return new ResponseCode("BADEVENT (" + String.join(" ", known) + ")");
  }

  /** Sequence number of the first message without {@code \Seen}. */
  public static ResponseCode unseen(int sequenceNumber) {
    return new ResponseCode("UNSEEN " + sequenceNumber);
  }

  /** UIDs in the order of the messages. RFC 4315 section 3, RFC 3502. */
  public static ResponseCode appendUid(long uidValidity, long[] uids) {
    return new ResponseCode("APPENDUID " + uidValidity + " " + runs(uids));
  }

  /** The two lists are pairwise and each ascending. RFC 4315 section 3. */
  public static ResponseCode copyUid(long uidValidity, long[] from, long[] to) {
    return new ResponseCode("COPYUID " + uidValidity + " " + runs(from) + " " + runs(to));
  }

  /** Numbers in the given order, neighbours joined: 4:6,9. */
  private static String runs(long[] numbers) {
    StringBuilder text = new StringBuilder();
    int at = 0;
    while (at < numbers.length) {
      int end = at;
      while (end + 1 < numbers.length && numbers[end + 1] == numbers[end] + 1) {
        end++;
      }
      text.append(text.isEmpty() ? "" : ",").append(numbers[at]);
      if (end > at) {
        text.append(':').append(numbers[end]);
      }
      at = end + 1;
    }
    return text.toString();
  }
}
