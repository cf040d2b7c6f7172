package dev.postrider.protocol.sasl;

import java.text.Normalizer;
import java.util.Optional;

/**
 * What a password is compared as by SCRAM. RFC 4013; of the Unicode that the JDK has, as RFC 3454
 * has that of version 3.2, from which normal forms do not differ in what people type.
 */
final class SaslPrep {

  private SaslPrep() {}

  /** Empty where {@code text} has what no password may have, or writes in two directions. */
  static Optional<String> prepare(String text) {
    StringBuilder mapped = new StringBuilder(text.length());
    text.codePoints()
        .filter(c -> isSpace(c) || !isMappedToNothing(c))
        .map(c -> isSpace(c) ? ' ' : c)
        .forEach(mapped::appendCodePoint);
    String normal = Normalizer.normalize(mapped, Normalizer.Form.NFKC);
    boolean fine = normal.codePoints().noneMatch(SaslPrep::isProhibited) && writesOneWay(normal);
    return fine ? Optional.of(normal) : Optional.empty();
  }

  /** RFC 3454 table C.1.2. */
  private static boolean isSpace(int c) {
    return c == 0xA0
        || c == 0x1680
        || isIn(c, 0x2000, 0x200B)
        || c == 0x202F
        || c == 0x205F
        || c == 0x3000;
  }

  /** RFC 3454 table B.1. */
  private static boolean isMappedToNothing(int c) {
    return c == 0xAD
        || c == 0x34F
        || c == 0x1806
        || isIn(c, 0x180B, 0x180D)
        || isIn(c, 0x200C, 0x200D)
        || c == 0x2060
        || isIn(c, 0xFE00, 0xFE0F)
        || c == 0xFEFF;
  }

  /** RFC 3454 tables C.1.2, C.2.1, C.2.2 and C.3 to C.9. */
  private static boolean isProhibited(int c) {
    return isSpace(c)
        || isControl(c)
        || Character.getType(c) == Character.PRIVATE_USE
        || Character.getType(c) == Character.SURROGATE
        || isIn(c, 0xFDD0, 0xFDEF)
        || (c & 0xFFFE) == 0xFFFE
        || isIn(c, 0xFFF9, 0xFFFD)
        || isIn(c, 0x2FF0, 0x2FFB)
        || isIn(c, 0x340, 0x341)
        || isIn(c, 0x200E, 0x200F)
        || isIn(c, 0x202A, 0x202E)
        || isIn(c, 0xE0000, 0xE007F);
  }

  private static boolean isControl(int c) {
    return Character.isISOControl(c)
        || c == 0x6DD
        || c == 0x70F
        || c == 0x180E
        || isIn(c, 0x200C, 0x200D)
        || isIn(c, 0x2028, 0x2029)
        || isIn(c, 0x2060, 0x206F)
        || c == 0xFEFF
        || isIn(c, 0x1D173, 0x1D17A);
  }

  /** RFC 3454 section 6. */
  private static boolean writesOneWay(String text) {
    if (text.codePoints().noneMatch(SaslPrep::isRightToLeft)) {
      return true;
    }
    boolean mixed =
        text.codePoints()
            .anyMatch(
                c -> Character.getDirectionality(c) == Character.DIRECTIONALITY_LEFT_TO_RIGHT);
    return !mixed
        && isRightToLeft(text.codePointAt(0))
        && isRightToLeft(text.codePointBefore(text.length()));
  }

  private static boolean isRightToLeft(int c) {
    byte direction = Character.getDirectionality(c);
    return direction == Character.DIRECTIONALITY_RIGHT_TO_LEFT
        || direction == Character.DIRECTIONALITY_RIGHT_TO_LEFT_ARABIC;
  }

  private static boolean isIn(int c, int from, int to) {
    return c >= from && c <= to;
  }
}
