package dev.postrider.protocol.imap;

import java.util.Optional;

/**
 * How a command ended, or a word to the client in between. RFC 3501 section 7.1.
 *
 * @param text for people: printable US-ASCII, never empty
 */
public record ImapReply(Status status, Optional<ResponseCode> code, String text) {

  public ImapReply {
    if (text.isEmpty() || !text.chars().allMatch(c -> c >= 0x20 && c <= 0x7e)) {
      throw new IllegalArgumentException("not printable US-ASCII: " + text);
    }
  }

  /** RFC 3501 section 7.1.1 to 7.1.3 and 7.1.5. */
  public enum Status {
    OK,
    NO,
    BAD,
    BYE
  }

  public static ImapReply ok(String text) {
    return new ImapReply(Status.OK, Optional.empty(), text);
  }

  public static ImapReply ok(ResponseCode code, String text) {
    return new ImapReply(Status.OK, Optional.of(code), text);
  }

  public static ImapReply no(String text) {
    return new ImapReply(Status.NO, Optional.empty(), text);
  }

  public static ImapReply no(ResponseCode code, String text) {
    return new ImapReply(Status.NO, Optional.of(code), text);
  }

  public static ImapReply bad(String text) {
    return new ImapReply(Status.BAD, Optional.empty(), text);
  }

  public static ImapReply bad(ResponseCode code, String text) {
    return new ImapReply(Status.BAD, Optional.of(code), text);
  }

  public static ImapReply bye(String text) {
    return new ImapReply(Status.BYE, Optional.empty(), text);
  }

  /** Without tag and line ending. */
  @Override
  public String toString() {
    return status + code.map(c -> " [" + c.text() + "] ").orElse(" ") + text;
  }
}
