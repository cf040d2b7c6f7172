package dev.postrider.protocol.message;

import dev.postrider.protocol.address.MailAddress;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import org.apache.james.mime4j.codec.QuotedPrintableOutputStream;

/**
 * A message that tells a sender what became of an earlier one: text for people, fields for
 * programs, and the headers of the earlier message. RFC 3464, in the container of RFC 6522; RFC
 * 6533 for non-ASCII addresses.
 *
 * @param fromHost host that reports, also the domain of the From address MAILER-DAEMON
 * @param to the sender of the earlier message
 * @param subject ASCII, one line
 * @param messageId without angle brackets
 * @param boundary must not occur in the text or the headers; use something random
 * @param text for people; lines end in LF, of at most 998 characters
 * @param originalHeaders of the earlier message, as received, one char per octet (ISO 8859-1); cut
 *     to {@link #ORIGINAL_HEADERS_OCTETS_MAX}
 */
public record DeliveryStatusNotification(
    String fromHost,
    MailAddress to,
    String subject,
    Instant date,
    String messageId,
    String boundary,
    String text,
    DeliveryStatus status,
    String originalHeaders) {

  /** More of the headers says nothing more to anybody. */
  public static final int ORIGINAL_HEADERS_OCTETS_MAX = 32 * 1024;

  private static final DateTimeFormatter DATE =
      DateTimeFormatter.ofPattern("EEE, d MMM yyyy HH:mm:ss Z", Locale.ENGLISH)
          .withZone(ZoneOffset.UTC);

  /** A date as RFC 5322 section 3.3 writes it, in UTC. */
  static String dateTime(Instant instant) {
    return DATE.format(instant);
  }

  /** Whether {@link #encode} yields octets above 127, from the earlier message's headers. */
  public boolean isEightBit() {
    return !isAscii(originalHeaders) || needsSmtpUtf8();
  }

  /** Whether the message itself has a non-ASCII address in its header. RFC 6531 section 3.2. */
  public boolean needsSmtpUtf8() {
    return !isAscii(to.toString());
  }

  /** The whole message, lines ending in CRLF. */
  public byte[] encode() {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    line(out, "From: Mail Delivery System <MAILER-DAEMON@" + fromHost + ">");
    line(out, "To: <" + to + ">");
    line(out, "Subject: " + subject);
    line(out, "Date: " + dateTime(date));
    line(out, "Message-ID: <" + messageId + ">");
    // RFC 3834 section 5: keeps other programs from answering.
    line(out, "Auto-Submitted: auto-replied");
    line(out, "MIME-Version: 1.0");
    line(out, "Content-Type: multipart/report; report-type=delivery-status;");
    line(out, " boundary=\"" + boundary + "\"");
    line(out, "");
    line(out, "This is a report of a mail server, in MIME format.");
    line(out, "");
    line(out, "--" + boundary);
    textPart(out);
    line(out, "--" + boundary);
    line(out, "Content-Description: Delivery report");
    line(out, "Content-Type: message/delivery-status");
    line(out, "");
    out.writeBytes(status.encode().getBytes(StandardCharsets.US_ASCII));
    line(out, "");
    line(out, "--" + boundary);
    headersPart(out);
    line(out, "--" + boundary + "--");
    return out.toByteArray();
  }

  private void textPart(ByteArrayOutputStream out) {
    boolean ascii = isAscii(text);
    byte[] octets = text.replace("\n", "\r\n").getBytes(StandardCharsets.UTF_8);
    line(out, "Content-Description: Notification");
    line(out, "Content-Type: text/plain; charset=" + (ascii ? "us-ascii" : "utf-8"));
    line(out, "Content-Transfer-Encoding: " + (ascii ? "7bit" : "quoted-printable"));
    line(out, "");
    if (ascii) {
      out.writeBytes(octets);
    } else {
      quotedPrintable(octets, out);
    }
    line(out, "");
  }

  private static void quotedPrintable(byte[] octets, ByteArrayOutputStream out) {
    try (QuotedPrintableOutputStream encoder = new QuotedPrintableOutputStream(out, false)) {
      encoder.write(octets);
    } catch (IOException impossible) {
      throw new UncheckedIOException("between arrays", impossible);
    }
  }

  private void headersPart(ByteArrayOutputStream out) {
    line(out, "Content-Description: Headers of the undelivered message");
    line(out, "Content-Type: text/rfc822-headers");
    line(out, "Content-Transfer-Encoding: " + (isEightBit() ? "8bit" : "7bit"));
    line(out, "");
    out.writeBytes(wholeLines(originalHeaders).getBytes(StandardCharsets.ISO_8859_1));
    line(out, "");
  }

  /** Cut at the end of a line, so that no half field is shown. */
  private static String wholeLines(String headers) {
    if (headers.length() <= ORIGINAL_HEADERS_OCTETS_MAX) {
      return headers;
    }
    return headers.substring(0, headers.lastIndexOf('\n', ORIGINAL_HEADERS_OCTETS_MAX - 1) + 1);
  }

  private static void line(ByteArrayOutputStream out, String line) {
    out.writeBytes(line.getBytes(StandardCharsets.UTF_8));
    out.write('\r');
    out.write('\n');
  }

  static boolean isAscii(String text) {
    return text.chars().allMatch(each -> each < 0x80);
  }

  /**
   * The fields for programs, the body of message/delivery-status.
   *
   * @param reportingMta host that reports
   * @param arrival when it took the earlier message
   */
  public record DeliveryStatus(
      String reportingMta, Optional<Instant> arrival, List<RecipientStatus> recipients) {

    public DeliveryStatus {
      recipients = List.copyOf(recipients);
    }

    /** ASCII, lines ending in CRLF. RFC 3464 section 2.1. */
    public String encode() {
      StringBuilder out = new StringBuilder();
      field(out, "Reporting-MTA", "dns; " + reportingMta);
      arrival.ifPresent(instant -> field(out, "Arrival-Date", dateTime(instant)));
      for (RecipientStatus each : recipients) {
        out.append("\r\n");
        each.encode(out);
      }
      return out.toString();
    }
  }

  /**
   * What became of one recipient. RFC 3464 section 2.3.
   *
   * @param status enhanced status code, RFC 3463
   * @param remoteMta host whose reply the diagnostic is
   * @param diagnosticType "smtp" for a reply with its code, else "x-…"
   * @param willRetryUntil of a delayed one
   */
  public record RecipientStatus(
      MailAddress recipient,
      Action action,
      String status,
      Optional<String> remoteMta,
      String diagnosticType,
      String diagnostic,
      Optional<Instant> lastAttempt,
      Optional<Instant> willRetryUntil) {

    private void encode(StringBuilder out) {
      field(out, "Final-Recipient", typed(recipient.toString()));
      field(out, "Action", action.text());
      field(out, "Status", status);
      remoteMta.ifPresent(host -> field(out, "Remote-MTA", "dns; " + host));
      field(out, "Diagnostic-Code", diagnosticType + "; " + diagnostic);
      lastAttempt.ifPresent(instant -> field(out, "Last-Attempt-Date", dateTime(instant)));
      willRetryUntil.ifPresent(instant -> field(out, "Will-Retry-Until", dateTime(instant)));
    }

    private static String typed(String address) {
      return isAscii(address) ? "rfc822; " + address : "utf-8; " + utf8AddressXtext(address);
    }

    /** An address of any characters in ASCII. RFC 6533 section 3. */
    private static String utf8AddressXtext(String address) {
      StringBuilder text = new StringBuilder();
      address
          .codePoints()
          .forEach(
              each -> {
                boolean plain =
                    each > ' ' && each < 0x7f && each != '\\' && each != '+' && each != '=';
                if (plain) {
                  text.appendCodePoint(each);
                } else {
                  text.append("\\x{").append(Integer.toHexString(each).toUpperCase(Locale.ROOT));
                  text.append('}');
                }
              });
      return text.toString();
    }
  }

  /** RFC 3464 section 2.3.3. */
  public enum Action {
    FAILED("failed"),
    DELAYED("delayed"),
    DELIVERED("delivered"),
    RELAYED("relayed"),
    EXPANDED("expanded");

    private final String text;

    Action(String text) {
      this.text = text;
    }

    public String text() {
      return text;
    }
  }

  /** Folds before this column, where there is a space. RFC 5322 section 2.1.1. */
  private static final int LINE_CHARS_PREFERRED = 78;

  /** A value is cut here, so that even without a space the line stays below 998 characters. */
  private static final int VALUE_CHARS_MAX = 900;

  /** Appends a field: printable ASCII, so nothing in {@code value} makes a line of its own. */
  private static void field(StringBuilder out, String name, String value) {
    StringBuilder line = new StringBuilder(name).append(':');
    int column = line.length();
    String rest = value.substring(0, Math.min(value.length(), VALUE_CHARS_MAX));
    for (String word : printable(rest).split(" +")) {
      if (column + 1 + word.length() > LINE_CHARS_PREFERRED && column > name.length() + 1) {
        line.append("\r\n");
        column = 0;
      }
      line.append(' ').append(word);
      column += 1 + word.length();
    }
    out.append(line).append("\r\n");
  }

  private static String printable(String text) {
    StringBuilder clean = new StringBuilder(text.length());
    for (int i = 0; i < text.length(); i++) {
      char each = text.charAt(i);
      boolean control = each < ' ' || each == 0x7f;
      clean.append(control ? ' ' : each < 0x80 ? each : '?');
    }
    return clean.toString().strip();
  }
}
