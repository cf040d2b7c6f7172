package dev.postrider.protocol.address;

import java.util.Locale;
import java.util.Optional;

/**
 * A mailbox address, {@code local-part@domain}. RFC 5321 section 4.1.2; RFC 6531 section 3.3 for
 * non-ASCII ones.
 *
 * <p>The local part is held without quoting and with the case it was written in; the domain is held
 * in lower case. Two addresses are equal when both are.
 */
public record MailAddress(String localPart, String domain) {

  /** RFC 5321 section 4.5.3.1.1. */
  public static final int LOCAL_PART_OCTETS_MAX = 64;

  /** RFC 5321 section 4.5.3.1.2. */
  public static final int DOMAIN_OCTETS_MAX = 255;

  public MailAddress {
    domain = domain.toLowerCase(Locale.ROOT);
  }

  /** The address in {@code text}, or empty when it is not one. Quoted local parts are unquoted. */
  public static Optional<MailAddress> parse(String text) {
    int at = text.lastIndexOf('@');
    if (at < 1 || at == text.length() - 1) {
      return Optional.empty();
    }
    return Optional.of(new MailAddress(text.substring(0, at), text.substring(at + 1)));
  }

  /** The address as it is written in a path or header, with the local part quoted when needed. */
  @Override
  public String toString() {
    return localPart + "@" + domain;
  }
}
