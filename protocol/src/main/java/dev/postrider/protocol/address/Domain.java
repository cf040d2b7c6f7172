package dev.postrider.protocol.address;

import java.net.IDN;
import java.net.InetAddress;
import java.nio.charset.StandardCharsets;
import java.util.Locale;
import java.util.Optional;

/**
 * The grammar of the part behind the {@code @}: a domain name or an address literal. RFC 5321
 * section 4.1.2 and 4.1.3, RFC 6531 section 3.3.
 *
 * <p>U-labels are kept as they are written; {@link #toAscii} is the one place that turns them into
 * A-labels, for DNS.
 */
public final class Domain {

  /** RFC 1035 section 2.3.4. */
  public static final int LABEL_OCTETS_MAX = 63;

  private static final String IPV6_TAG = "ipv6:";

  private Domain() {}

  /** Whether {@code text} is a domain name or an address literal. */
  public static boolean isDomain(String text) {
    return text.startsWith("[") ? isAddressLiteral(text) : isName(text);
  }

  /** Whether {@code text} is a domain name, of one label or more, without a dot at the end. */
  public static boolean isName(String text) {
    if (text.isEmpty()
        || text.getBytes(StandardCharsets.UTF_8).length > MailAddress.DOMAIN_OCTETS_MAX) {
      return false;
    }
    int start = 0;
    while (start <= text.length()) {
      int dot = text.indexOf('.', start);
      int end = dot < 0 ? text.length() : dot;
      if (!isLabel(text.substring(start, end))) {
        return false;
      }
      if (dot < 0) {
        return true;
      }
      start = dot + 1;
    }
    return false;
  }

  /** Whether {@code text} is {@code [1.2.3.4]} or {@code [IPv6:…]}. RFC 5321 section 4.1.3. */
  public static boolean isAddressLiteral(String text) {
    if (text.length() < 3 || !text.startsWith("[") || !text.endsWith("]")) {
      return false;
    }
    String inner = text.substring(1, text.length() - 1).toLowerCase(Locale.ROOT);
    return inner.startsWith(IPV6_TAG) ? isIpv6(inner.substring(IPV6_TAG.length())) : isIpv4(inner);
  }

  /** The name with A-labels, as DNS knows it; empty when it has none or is an address literal. */
  public static Optional<String> toAscii(String name) {
    if (!isName(name)) {
      return Optional.empty();
    }
    if (isAscii(name)) {
      return Optional.of(name.toLowerCase(Locale.ROOT));
    }
    try {
      String ascii = IDN.toASCII(name).toLowerCase(Locale.ROOT);
      return isName(ascii) ? Optional.of(ascii) : Optional.empty();
    } catch (RuntimeException notIdna) {
      // IDN promises IllegalArgumentException, and has thrown others on odd code points.
      return Optional.empty();
    }
  }

  static boolean isAscii(String text) {
    for (int i = 0; i < text.length(); i++) {
      if (text.charAt(i) > 0x7f) {
        return false;
      }
    }
    return true;
  }

  private static boolean isLabel(String label) {
    if (label.isEmpty()
        || label.getBytes(StandardCharsets.UTF_8).length > LABEL_OCTETS_MAX * 4
        || (isAscii(label) && label.length() > LABEL_OCTETS_MAX)
        || label.startsWith("-")
        || label.endsWith("-")) {
      return false;
    }
    return label.codePoints().allMatch(Domain::isLabelCodePoint);
  }

  private static boolean isLabelCodePoint(int point) {
    if (point < 0x80) {
      // The underscore is AddressLeniency.UNDERSCORE_IN_DOMAIN.
      return Character.isLetterOrDigit(point) || point == '-' || point == '_';
    }
    return isPrintableBeyondAscii(point);
  }

  /** No controls, separators, private or unassigned code points and no halves of a pair. */
  static boolean isPrintableBeyondAscii(int point) {
    return switch (Character.getType(point)) {
      case Character.CONTROL,
          Character.SURROGATE,
          Character.UNASSIGNED,
          Character.PRIVATE_USE,
          Character.LINE_SEPARATOR,
          Character.PARAGRAPH_SEPARATOR,
          Character.SPACE_SEPARATOR ->
          false;
      default -> point >= 0xa0;
    };
  }

  private static boolean isIpv4(String text) {
    String[] parts = text.split("\\.", -1);
    if (parts.length != 4) {
      return false;
    }
    for (String part : parts) {
      if (part.isEmpty()
          || part.length() > 3
          || !part.chars().allMatch(c -> c >= '0' && c <= '9')) {
        return false;
      }
      if (Integer.parseInt(part) > 255) {
        return false;
      }
    }
    return true;
  }

  private static boolean isIpv6(String text) {
    boolean shaped =
        text.indexOf(':') >= 0
            && text.chars()
                .allMatch(
                    c -> (c >= '0' && c <= '9') || (c >= 'a' && c <= 'f') || c == ':' || c == '.');
    if (!shaped) {
      return false;
    }
    try {
      // Parses, asks nobody.
      InetAddress.ofLiteral(text);
      return true;
    } catch (IllegalArgumentException notAnAddress) {
      return false;
    }
  }
}
