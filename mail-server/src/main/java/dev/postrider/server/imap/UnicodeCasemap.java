package dev.postrider.server.imap;

import java.nio.charset.StandardCharsets;
import java.text.Normalizer;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * The collation i;unicode-casemap: texts are compared in another writing, where each code point is
 * its titlecase, and this what it is composed of, each for itself. Whether one text is another, or
 * in it, or before it, is told by the octets of that in UTF-8. RFC 5051 section 2.
 *
 * <p>Threads: any.
 */
final class UnicodeCasemap {

  /** Below it nothing is composed of anything, and a char becomes one char. */
  static final char FIRST_COMPOSED = 0xa0;

  /**
   * What was found out of code points of the first plane. Nothing is guarded: two threads may find
   * out the same at once.
   */
  private static final @Nullable String[] KNOWN = new String[0x10000];

  private UnicodeCasemap() {}

  /** The octets that {@code text} is compared by; of more than {@code most} the first ones. */
  static byte[] octets(String text, int most) {
    // A char makes at least one octet.
    String enough = text.length() > most ? text.substring(0, most) : text;
    byte[] octets = prepared(enough).getBytes(StandardCharsets.UTF_8);
    return octets.length > most ? Arrays.copyOf(octets, most) : octets;
  }

  /** {@code text} in the writing in which texts are compared. */
  static String prepared(String text) {
    StringBuilder prepared = new StringBuilder(text.length());
    int i = 0;
    while (i < text.length()) {
      char c = text.charAt(i);
      if (c < FIRST_COMPOSED) {
        prepared.append(prepared(c));
        i++;
      } else {
        int point = text.codePointAt(i);
        prepared.append(prepared(point));
        i += Character.charCount(point);
      }
    }
    return prepared.toString();
  }

  /** Of a char below {@link #FIRST_COMPOSED}. */
  static char prepared(char c) {
    return c >= 'a' && c <= 'z' ? (char) (c - 'a' + 'A') : c;
  }

  static String prepared(int point) {
    if (point >= KNOWN.length) {
      return found(point);
    }
    String known = KNOWN[point];
    if (known == null) {
      known = found(point);
      KNOWN[point] = known;
    }
    return known;
  }

  private static String found(int point) {
    String title = Character.toString(Character.toTitleCase(point));
    return Normalizer.normalize(title, Normalizer.Form.NFKD);
  }
}
