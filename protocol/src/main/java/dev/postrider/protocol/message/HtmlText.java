package dev.postrider.protocol.message;

import java.util.Locale;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * The words of an HTML text: tags, comments, styles and scripts are left out, and common entities
 * become what they stand for. It knows no tree; whatever the text is, it is read once from left to
 * right, and what is never closed reaches to the end.
 */
final class HtmlText {

  /** What is in these is not shown. */
  private static final Set<String> HIDDEN =
      Set.of("head", "style", "script", "title", "template", "noscript");

  /** These do not part words. */
  private static final Set<String> INLINE =
      Set.of("a", "abbr", "b", "em", "font", "i", "mark", "s", "small", "span", "strong", "u");

  private static final Map<String, String> ENTITIES =
      Map.ofEntries(
          Map.entry("amp", "&"),
          Map.entry("lt", "<"),
          Map.entry("gt", ">"),
          Map.entry("quot", "\""),
          Map.entry("apos", "'"),
          Map.entry("nbsp", " "),
          Map.entry("ensp", " "),
          Map.entry("emsp", " "),
          Map.entry("thinsp", " "),
          Map.entry("zwnj", ""),
          Map.entry("zwj", ""),
          Map.entry("shy", ""),
          Map.entry("hellip", "\u2026"),
          Map.entry("ndash", "\u2013"),
          Map.entry("mdash", "\u2014"),
          Map.entry("lsquo", "\u2018"),
          Map.entry("rsquo", "\u2019"),
          Map.entry("ldquo", "\u201c"),
          Map.entry("rdquo", "\u201d"),
          Map.entry("laquo", "\u00ab"),
          Map.entry("raquo", "\u00bb"),
          Map.entry("bull", "\u2022"),
          Map.entry("middot", "\u00b7"),
          Map.entry("copy", "\u00a9"),
          Map.entry("reg", "\u00ae"),
          Map.entry("trade", "\u2122"),
          Map.entry("euro", "\u20ac"),
          Map.entry("pound", "\u00a3"),
          Map.entry("auml", "\u00e4"),
          Map.entry("ouml", "\u00f6"),
          Map.entry("uuml", "\u00fc"),
          Map.entry("Auml", "\u00c4"),
          Map.entry("Ouml", "\u00d6"),
          Map.entry("Uuml", "\u00dc"),
          Map.entry("szlig", "\u00df"),
          Map.entry("eacute", "\u00e9"),
          Map.entry("egrave", "\u00e8"),
          Map.entry("agrave", "\u00e0"),
          Map.entry("ccedil", "\u00e7"));

  /** The number of the highest character in hexadecimal, with {@code #x} before it. */
  private static final int ENTITY_CHARS_MAX = 8;

  private final String html;
  private final StringBuilder out = new StringBuilder();
  private int at;

  private HtmlText(String html) {
    this.html = html;
  }

  static String of(String html) {
    HtmlText text = new HtmlText(html);
    text.read();
    return text.out.toString();
  }

  private void read() {
    while (at < html.length()) {
      char c = html.charAt(at);
      if (c == '<' && at + 1 < html.length() && beginsTag(html.charAt(at + 1))) {
        tag();
      } else if (c == '&') {
        entity();
      } else {
        out.append(c);
        at++;
      }
    }
  }

  private static boolean beginsTag(char c) {
    return isLetter(c) || c == '/' || c == '!' || c == '?';
  }

  private static boolean isLetter(char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
  }

  private void tag() {
    if (html.startsWith("<!--", at)) {
      at = behind("-->", at + 4);
      return;
    }
    boolean ends = html.startsWith("</", at);
    int nameStart = ends ? at + 2 : at + 1;
    int nameEnd = nameStart;
    while (nameEnd < html.length() && isNameChar(html.charAt(nameEnd))) {
      nameEnd++;
    }
    String name = html.substring(nameStart, nameEnd).toLowerCase(Locale.ROOT);
    at = behindTag(nameEnd);
    if (!ends && HIDDEN.contains(name)) {
      at = endOfHidden(name);
    }
    if (!INLINE.contains(name)) {
      out.append(' ');
    }
  }

  private static boolean isNameChar(char c) {
    return isLetter(c) || (c >= '0' && c <= '9');
  }

  /** A bracket in a quoted value does not end the tag. */
  private int behindTag(int from) {
    char quote = 0;
    for (int i = from; i < html.length(); i++) {
      char c = html.charAt(i);
      if (quote != 0) {
        quote = c == quote ? 0 : quote;
      } else if (c == '"' || c == '\'') {
        quote = c;
      } else if (c == '>') {
        return i + 1;
      }
    }
    return html.length();
  }

  /** A head that is never closed ends with the body's begin. */
  private int endOfHidden(String name) {
    for (int i = html.indexOf('<', at); i >= 0; i = html.indexOf('<', i + 1)) {
      if (html.regionMatches(true, i, "</" + name, 0, name.length() + 2)
          || (name.equals("head") && html.regionMatches(true, i, "<body", 0, 5))) {
        return i;
      }
    }
    return html.length();
  }

  private int behind(String end, int from) {
    int found = html.indexOf(end, from);
    return found < 0 ? html.length() : found + end.length();
  }

  private void entity() {
    int end = at + 1;
    while (end < html.length()
        && end - at <= ENTITY_CHARS_MAX
        && (isNameChar(html.charAt(end)) || html.charAt(end) == '#')) {
      end++;
    }
    boolean closed = end < html.length() && html.charAt(end) == ';';
    String name = html.substring(at + 1, end);
    @Nullable String meant = closed ? meaning(name) : null;
    if (meant == null) {
      out.append('&');
      at++;
    } else {
      out.append(meant);
      at = end + 1;
    }
  }

  private static @Nullable String meaning(String name) {
    if (!name.startsWith("#")) {
      return ENTITIES.get(name);
    }
    boolean hex = name.startsWith("x", 1) || name.startsWith("X", 1);
    try {
      int point =
          hex ? Integer.parseInt(name.substring(2), 16) : Integer.parseInt(name.substring(1));
      return Character.isValidCodePoint(point) && !isSurrogate(point)
          ? Character.toString(point)
          : null;
    } catch (NumberFormatException notANumber) {
      return null;
    }
  }

  private static boolean isSurrogate(int point) {
    return point >= Character.MIN_SURROGATE && point <= Character.MAX_SURROGATE;
  }
}
