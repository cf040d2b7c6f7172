package dev.postrider.protocol.smtp;

/** What is wrong with the lines of a message. */
public enum TextViolation {
  /** RFC 5321 section 2.3.8. */
  BARE_CR,

  /** RFC 5321 section 2.3.8. */
  BARE_LF,

  /** RFC 5321 section 4.5.3.1.6, beyond {@link LineEndingCheck#LINE_OCTETS_MAX}. */
  LINE_TOO_LONG;

  /** The reply to the end of the message. */
  public SmtpReply reply() {
    return switch (this) {
      case BARE_CR ->
          SmtpReply.of(550, "5.6.11", "Message holds a CR without LF; end every line with CRLF");
      case BARE_LF ->
          SmtpReply.of(550, "5.6.11", "Message holds a LF without CR; end every line with CRLF");
      case LINE_TOO_LONG ->
          SmtpReply.of(
              554,
              "5.6.0",
              "Message holds a line longer than "
                  + LineEndingCheck.LINE_OCTETS_MAX
                  + " octets; encode it as quoted-printable or base64");
    };
  }
}
