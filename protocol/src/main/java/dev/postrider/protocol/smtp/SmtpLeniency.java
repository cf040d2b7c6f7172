package dev.postrider.protocol.smtp;

/** Deviations from the standards that are accepted, each for somebody who needs it. */
public enum SmtpLeniency {
  /**
   * {@code MAIL FROM: <a@b>} with spaces around the colon, which RFC 5321 section 3.3 forbids.
   * Outlook Express, printers and scripts write it.
   */
  SPACE_BEFORE_PATH,

  /**
   * Any printable word as name of EHLO and HELO, where RFC 5321 section 4.1.4 asks for a domain or
   * an address literal. Thunderbird takes a refusal of EHLO for a failed account, Windows machines
   * have names such as {@code MY_PC}, and the name proves nothing.
   */
  ANY_EHLO_NAME,

  /**
   * Text lines longer than the 1000 octets of RFC 5321 section 4.5.3.1.6, up to {@link
   * LineEndingCheck#LINE_OCTETS_MAX}. Programs that send mail write HTML without line breaks.
   */
  LONG_TEXT_LINE,

  /**
   * {@code 250-AUTH=LOGIN PLAIN}, from before RFC 2554. Old servers list it beside or instead of
   * {@code AUTH}.
   */
  AUTH_WITH_EQUALS_SIGN,

  /**
   * Replies whose lines end in a bare LF, against RFC 5321 section 2.3.8. Embedded servers do it.
   */
  BARE_LF_IN_REPLY
}
