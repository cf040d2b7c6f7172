package dev.postrider.protocol.message;

import java.io.InputStream;
import java.util.Locale;
import java.util.Optional;

/** How the octets of a body were made fit for transport. RFC 2045 section 6. */
public enum TransferEncoding {
  SEVEN_BIT,
  EIGHT_BIT,
  BINARY,
  QUOTED_PRINTABLE,
  BASE64;

  /**
   * The encoding that a Content-Transfer-Encoding names; empty when nobody knows it. RFC 2045
   * section 6.1.
   */
  public static Optional<TransferEncoding> of(String name) {
    return switch (name.strip().toLowerCase(Locale.ROOT)) {
      case "7bit" -> Optional.of(SEVEN_BIT);
      case "8bit" -> Optional.of(EIGHT_BIT);
      case "binary" -> Optional.of(BINARY);
      case "quoted-printable" -> Optional.of(QUOTED_PRINTABLE);
      case "base64" -> Optional.of(BASE64);
      default -> Optional.empty();
    };
  }

  /** Whether what is decoded may have other octets than what is encoded. */
  public boolean isEncoding() {
    return this == QUOTED_PRINTABLE || this == BASE64;
  }

  /**
   * What {@code in}, which is taken over, encodes. Damage is never refused: what cannot be decoded
   * is passed over or stands for itself, and always in the same way.
   */
  public InputStream decode(InputStream in) {
    return switch (this) {
      case SEVEN_BIT, EIGHT_BIT, BINARY -> in;
      case QUOTED_PRINTABLE -> new QuotedPrintableDecoding(in);
      case BASE64 -> new Base64Decoding(in);
    };
  }

  /** The same of a text: the lines of one that is not encoded end in CRLF too. */
  public InputStream decodeText(InputStream in) {
    return switch (this) {
      case SEVEN_BIT, EIGHT_BIT -> new CanonicalLines(in);
      case BINARY, QUOTED_PRINTABLE, BASE64 -> decode(in);
    };
  }
}
