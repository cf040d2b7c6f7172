package dev.postrider.protocol.message;

import dev.postrider.protocol.address.MailAddress;
import java.time.OffsetDateTime;
import java.util.Optional;

/** The fields by which a message tells its way. RFC 5321 section 4.4. */
public final class TraceHeaders {

  private static final int NAME_CHARS_MAX = 255;

  private TraceHeaders() {}

  /**
   * How a message came in.
   *
   * @param heloName what the client called itself
   * @param clientAddress its IP address, without brackets
   * @param by name of this host
   * @param protocol from {@link #protocol}
   * @param id of the transaction, in the log of this host
   * @param recipient only when there is one alone, for with several it would show Bcc ones (RFC
   *     5321 section 7.6)
   * @param tls protocol and cipher suite for the reader, when encrypted
   */
  public record Hop(
      String heloName,
      String clientAddress,
      String by,
      String protocol,
      String id,
      Optional<MailAddress> recipient,
      Optional<String> tls,
      OffsetDateTime when) {}

  /**
   * The registered name of how it came. RFC 3848, RFC 6531 section 4.3.
   *
   * @param extended EHLO, not HELO
   * @param utf8 SMTPUTF8 was declared
   */
  public static String protocol(
      boolean extended, boolean utf8, boolean encrypted, boolean authenticated) {
    if (!extended) {
      return "SMTP";
    }
    return (utf8 ? "UTF8SMTP" : "ESMTP") + (encrypted ? "S" : "") + (authenticated ? "A" : "");
  }

  /** A Received field; texts of the peer cannot break out of their place. */
  public static HeaderField received(Hop hop) {
    StringBuilder value = new StringBuilder();
    value.append("from ").append(word(hop.heloName()));
    value.append(" (").append(literal(hop.clientAddress())).append(")");
    hop.tls().ifPresent(tls -> value.append(" (").append(comment(tls)).append(")"));
    value.append(" by ").append(word(hop.by()));
    value.append(" with ").append(word(hop.protocol()));
    value.append(" id ").append(word(hop.id()));
    hop.recipient().ifPresent(recipient -> value.append(" for <").append(recipient).append(">"));
    value.append("; ").append(MailDate.format(hop.when()));
    return HeaderField.of("Received", value.toString());
  }

  /** A Return-Path field, for final delivery. */
  public static HeaderField returnPath(Optional<MailAddress> sender) {
    return HeaderField.of("Return-Path", "<" + sender.map(MailAddress::toString).orElse("") + ">");
  }

  private static String literal(String address) {
    String clean = word(address);
    return clean.indexOf(':') >= 0 ? "[IPv6:" + clean + "]" : "[" + clean + "]";
  }

  /** One word: what has a meaning in a Received field becomes a question mark. */
  private static String word(String text) {
    StringBuilder out = new StringBuilder();
    text.codePoints()
        .limit(NAME_CHARS_MAX)
        .map(
            point ->
                point <= ' ' || Character.isISOControl(point) || "()<>;\"\\,".indexOf(point) >= 0
                    ? '?'
                    : point)
        .forEach(out::appendCodePoint);
    return out.isEmpty() ? "unknown" : out.toString();
  }

  private static String comment(String text) {
    StringBuilder out = new StringBuilder();
    text.codePoints()
        .limit(NAME_CHARS_MAX)
        .map(point -> Character.isISOControl(point) || "()\\".indexOf(point) >= 0 ? '?' : point)
        .forEach(out::appendCodePoint);
    return out.toString();
  }
}
