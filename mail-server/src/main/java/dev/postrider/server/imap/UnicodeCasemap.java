package dev.postrider.server.imap;

import java.nio.charset.StandardCharsets;
import java.text.Normalizer;
import java.util.Arrays;

/**
 * The collation i;unicode-casemap: a text becomes octets, and texts compare as their octets do. For
 * that each code point is written as its titlecase, and this as what it is composed of, each for
 * itself. RFC 5051 section 2.
 */
final class UnicodeCasemap {

  /** Below it nothing is composed of anything. */
  private static final int FIRST_COMPOSED = 0xa0;

  private UnicodeCasemap() {}

  /** The octets that {@code text} is compared by; of more than {@code most} the first ones. */
  static byte[] octets(String text, int most) {
    // A char makes at least one octet.
    String enough = text.length() > most ? text.substring(0, most) : text;
    StringBuilder prepared = new StringBuilder(enough.length());
    enough.codePoints().forEach(point -> append(point, prepared));
    byte[] octets = prepared.toString().getBytes(StandardCharsets.UTF_8);
    return octets.length > most ? Arrays.copyOf(octets, most) : octets;
  }

  private static void append(int point, StringBuilder out) {
    int title = Character.toTitleCase(point);
    if (title < FIRST_COMPOSED) {
      out.append((char) title);
    } else {
      out.append(Normalizer.normalize(Character.toString(title), Normalizer.Form.NFKD));
    }
  }
}
