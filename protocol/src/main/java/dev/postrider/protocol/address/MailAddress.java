package dev.postrider.protocol.address;

import java.nio.charset.StandardCharsets;
import java.util.Locale;
import java.util.Optional;

/**
 * A mailbox address, {@code local-part@domain}. RFC 5321 section 4.1.2; RFC 6531 section 3.3 for
 * non-ASCII ones.
 *
 * <p>The local part is held without quoting and with the case it was written in; the domain is held
 * in lower case. Two addresses are equal when both are. Neither part ever holds a control
 * character, so an address can be written into a command or a header as it is.
 */
public record MailAddress(String localPart, String domain) {

  /** RFC 5321 section 4.5.3.1.1. */
  public static final int LOCAL_PART_OCTETS_MAX = 64;

  /** RFC 5321 section 4.5.3.1.2. */
  public static final int DOMAIN_OCTETS_MAX = 255;

  /**
   * RFC 5321 section 4.5.3.1.3 gives a path 256 octets with its brackets; longer ones that keep the
   * limits of both parts are in use.
   */
  public static final int OCTETS_MAX = LOCAL_PART_OCTETS_MAX + 1 + DOMAIN_OCTETS_MAX;

  private static final String ATOM_SPECIALS_ALLOWED = "!#$%&'*+-/=?^_`{|}~";

  /** Throws {@link IllegalArgumentException} for what can be no part of an address. */
  public MailAddress {
    domain = domain.toLowerCase(Locale.ROOT);
    if (!isLocalPart(localPart)) {
      throw new IllegalArgumentException("not a local part");
    }
    if (!Domain.isDomain(domain)) {
      throw new IllegalArgumentException("not a domain");
    }
  }

  /** The address in {@code text}, or empty when it is not one. Quoted local parts are unquoted. */
  public static Optional<MailAddress> parse(String text) {
    int at = text.lastIndexOf('@');
    // Twice the limit leaves room for the quoting.
    if (at < 1 || text.length() > 2 * OCTETS_MAX) {
      return Optional.empty();
    }
    String written = text.substring(0, at);
    String domain = text.substring(at + 1).toLowerCase(Locale.ROOT);
    if (!Domain.isDomain(domain)) {
      return Optional.empty();
    }
    Optional<String> localPart =
        written.startsWith("\"")
            ? unquote(written)
            : Optional.of(written).filter(MailAddress::isUnquoted);
    return localPart
        .filter(MailAddress::isLocalPart)
        .map(unquoted -> new MailAddress(unquoted, domain));
  }

  /** Whether it can be written without SMTPUTF8. */
  public boolean isAscii() {
    return Domain.isAscii(localPart) && Domain.isAscii(domain);
  }

  /**
   * Whether the other one is the same but for the case of the local part. A server whose own
   * mailboxes ignore case asks this; of others' local parts nobody knows (RFC 5321 section 2.4).
   */
  public boolean equalsIgnoringCase(MailAddress other) {
    return domain.equals(other.domain) && localPart.equalsIgnoreCase(other.localPart);
  }

  /** The address as it is written in a path or header, with the local part quoted when needed. */
  @Override
  public String toString() {
    return (isDotAtom(localPart) ? localPart : quote(localPart)) + "@" + domain;
  }

  private static boolean isLocalPart(String text) {
    return !text.isEmpty()
        && text.getBytes(StandardCharsets.UTF_8).length <= LOCAL_PART_OCTETS_MAX
        && text.codePoints().allMatch(MailAddress::isQuotable);
  }

  /** Printable ASCII with the space, or RFC 6531 section 3.3. */
  private static boolean isQuotable(int point) {
    return point < 0x80 ? point >= ' ' && point < 0x7f : Domain.isPrintableBeyondAscii(point);
  }

  private static boolean isAtomText(int point) {
    return point < 0x80
        ? Character.isLetterOrDigit(point) || ATOM_SPECIALS_ALLOWED.indexOf(point) >= 0
        : Domain.isPrintableBeyondAscii(point);
  }

  /** Dots anywhere are {@link AddressLeniency#LOOSE_DOTS}. */
  private static boolean isUnquoted(String text) {
    return text.codePoints().allMatch(point -> point == '.' || isAtomText(point));
  }

  private static boolean isDotAtom(String text) {
    return isUnquoted(text) && !text.startsWith(".") && !text.endsWith(".") && !text.contains("..");
  }

  private static Optional<String> unquote(String written) {
    if (written.length() < 3 || !written.endsWith("\"")) {
      return Optional.empty();
    }
    StringBuilder text = new StringBuilder(written.length());
    int end = written.length() - 1;
    for (int i = 1; i < end; i++) {
      char c = written.charAt(i);
      if (c == '"') {
        return Optional.empty();
      }
      if (c == '\\') {
        i++;
        if (i == end) {
          return Optional.empty();
        }
        c = written.charAt(i);
      }
      text.append(c);
    }
    return Optional.of(text.toString());
  }

  private static String quote(String text) {
    StringBuilder quoted = new StringBuilder(text.length() + 2).append('"');
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      if (c == '"' || c == '\\') {
        quoted.append('\\');
      }
      quoted.append(c);
    }
    return quoted.append('"').toString();
  }
}
