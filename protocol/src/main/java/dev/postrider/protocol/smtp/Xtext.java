package dev.postrider.protocol.smtp;

/** Values of parameters, which are kept as they are written. RFC 3461 section 4. */
final class Xtext {

  private Xtext() {}

  /**
   * Printable without space or equals sign: safe to write behind a keyword. RFC 5321 section 4.1.2.
   */
  static boolean isValue(String text) {
    return !text.isEmpty()
        && text.codePoints()
            .allMatch(
                point ->
                    point > ' '
                        && point != '='
                        && !Character.isISOControl(point)
                        && !(point >= 0xd800 && point <= 0xdfff));
  }

  static void require(String text) {
    if (!isValue(text)) {
      throw new IllegalArgumentException("not a parameter value");
    }
  }
}
