package dev.postrider.protocol.imap;

import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.text.Normalizer;
import java.util.Arrays;
import java.util.Base64;
import java.util.Locale;
import java.util.Optional;

/**
 * Mailbox names between Unicode and the modified UTF-7 of the wire. RFC 3501 section 5.1.3.
 *
 * <p>Every name has exactly one form on the wire: printable US-ASCII stands for itself, {@code &}
 * is {@code &-}, everything else is one run of base64 of UTF-16. {@link #decode} takes this form
 * and no other, so that two forms can never name one mailbox.
 */
public final class MailboxName {

  public static final String INBOX = "INBOX";

  /** Between the levels of a name. RFC 3501 section 5.1.1 leaves the choice to the server. */
  public static final char SEPARATOR = '/';

  private static final Base64.Encoder ENCODER = Base64.getEncoder().withoutPadding();
  private static final Base64.Decoder DECODER = Base64.getDecoder();

  private MailboxName() {}

  /** The wire's form of a name in Unicode. */
  public static String encode(String name) {
    StringBuilder wire = new StringBuilder(name.length() + 8);
    int at = 0;
    while (at < name.length()) {
      char c = name.charAt(at);
      if (c == '&') {
        wire.append("&-");
        at++;
      } else if (isDirect(c)) {
        wire.append(c);
        at++;
      } else {
        int end = at;
        while (end < name.length() && !isDirect(name.charAt(end))) {
          end++;
        }
        byte[] units = name.substring(at, end).getBytes(StandardCharsets.UTF_16BE);
        wire.append('&').append(ENCODER.encodeToString(units).replace('/', ',')).append('-');
        at = end;
      }
    }
    return wire.toString();
  }

  /** The name in Unicode, or empty when {@code wire} is not the one form that it can have. */
  public static Optional<String> decode(String wire) {
    StringBuilder name = new StringBuilder(wire.length());
    int at = 0;
    while (at < wire.length()) {
      char c = wire.charAt(at);
      if (c != '&') {
        name.append(c);
        at++;
        continue;
      }
      int end = wire.indexOf('-', at);
      if (end < 0) {
        return Optional.empty();
      }
      Optional<String> run = decodeRun(wire.substring(at + 1, end));
      if (run.isEmpty()) {
        return Optional.empty();
      }
      name.append(run.get());
      at = end + 1;
    }
    String decoded = name.toString();
    return encode(decoded).equals(wire) ? Optional.of(decoded) : Optional.empty();
  }

  private static Optional<String> decodeRun(String base64) {
    if (base64.isEmpty()) {
      return Optional.of("&");
    }
    try {
      byte[] units = DECODER.decode(base64.replace(',', '/'));
      return Optional.of(
          StandardCharsets.UTF_16BE.newDecoder().decode(ByteBuffer.wrap(units)).toString());
    } catch (IllegalArgumentException | CharacterCodingException e) {
      return Optional.empty();
    }
  }

  /** {@code name} with its first level written INBOX when it is that, in any case. */
  public static String canonical(String name) {
    int end = name.indexOf(SEPARATOR);
    String first = end < 0 ? name : name.substring(0, end);
    return first.toUpperCase(Locale.ROOT).equals(INBOX)
        ? INBOX + name.substring(first.length())
        : name;
  }

  /** Whether a mailbox may be made with {@code name}: no empty level, no control character. */
  public static boolean isCreatable(String name) {
    return !name.isEmpty()
        && name.codePoints().noneMatch(MailboxName::isForbidden)
        && Arrays.stream(name.split("/", -1)).noneMatch(String::isEmpty);
  }

  /**
   * Whether {@code name} is composed as far as it can be, so that what looks alike is alike. RFC
   * 9051 section 5.1.
   */
  public static boolean isNormalized(String name) {
    return Normalizer.isNormalized(name, Normalizer.Form.NFC);
  }

  /** Controls, and the line separators that would tear a log or a listing. */
  private static boolean isForbidden(int codePoint) {
    return Character.isISOControl(codePoint) || codePoint == 0x2028 || codePoint == 0x2029;
  }

  private static boolean isDirect(char c) {
    return c >= 0x20 && c <= 0x7e;
  }
}
