package dev.postrider.protocol.message;

/** Comments in parentheses, which may nest. RFC 5322 section 3.2.2. */
final class Comments {

  private Comments() {}

  /** The text with a space for each comment; one that is not closed reaches to the end. */
  static String removed(String text) {
    if (text.indexOf('(') < 0) {
      return text;
    }
    StringBuilder out = new StringBuilder(text.length());
    boolean quoted = false;
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      if (c == '(' && !quoted) {
        out.append(' ');
        i = end(text, i) - 1;
        continue;
      }
      if (c == '"') {
        quoted = !quoted;
      }
      out.append(c);
      if (c == '\\' && i + 1 < text.length()) {
        out.append(text.charAt(++i));
      }
    }
    return out.toString();
  }

  /** Index behind the comment that begins at {@code start}. */
  static int end(String text, int start) {
    int depth = 0;
    for (int i = start; i < text.length(); i++) {
      char c = text.charAt(i);
      if (c == '\\') {
        i++;
      } else if (c == '(') {
        depth++;
      } else if (c == ')') {
        depth--;
        if (depth == 0) {
          return i + 1;
        }
      }
    }
    return text.length();
  }
}
