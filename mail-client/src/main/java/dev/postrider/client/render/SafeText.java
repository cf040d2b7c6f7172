package dev.postrider.client.render;

/**
 * Text from a message made harmless for a terminal. Escape sequences can move the cursor, rename
 * the window, fill the clipboard or type commands; overrides of writing direction can make a name
 * read as another. What could do so becomes U+FFFD.
 */
public final class SafeText {
  private static final char REPLACEMENT = '\uFFFD';

  private SafeText() {}

  /** Keeps line feeds and tabs; CRLF becomes LF. */
  public static String lines(String text) {
    return clean(text.replace("\r\n", "\n"), true);
  }

  /** One line: line ends and tabs become spaces. */
  public static String line(String text) {
    return clean(text.replaceAll("[\r\n\t]+", " "), false);
  }

  private static String clean(String text, boolean keepLines) {
    StringBuilder out = null;
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      boolean allowed = keepLines && (c == '\n' || c == '\t');
      if (!allowed && isDangerous(c)) {
        if (out == null) {
          out = new StringBuilder(text);
        }
        out.setCharAt(i, REPLACEMENT);
      }
    }
    return out == null ? text : out.toString();
  }

  private static boolean isDangerous(char c) {
    boolean control = c < 0x20 || (c >= 0x7F && c < 0xA0);
    boolean direction = (c >= 0x202A && c <= 0x202E) || (c >= 0x2066 && c <= 0x2069);
    boolean separator = c == 0x2028 || c == 0x2029;
    return control || direction || separator;
  }
}
