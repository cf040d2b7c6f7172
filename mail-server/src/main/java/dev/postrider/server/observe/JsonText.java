package dev.postrider.server.observe;

import java.util.List;
import java.util.Locale;
import java.util.Map;

/** Writes JSON, RFC 8259, of the flat kind that log lines, health and subcommands need. */
public final class JsonText {

  private JsonText() {}

  /** An object of text fields, in their order. */
  public static String object(Map<String, String> fields) {
    StringBuilder out = new StringBuilder();
    object(out, fields);
    return out.toString();
  }

  /** A list of such objects. */
  public static String list(List<Map<String, String>> rows) {
    StringBuilder out = new StringBuilder("[");
    for (Map<String, String> row : rows) {
      out.append(out.length() == 1 ? "" : ",");
      object(out, row);
    }
    return out.append(']').toString();
  }

  private static void object(StringBuilder out, Map<String, String> fields) {
    out.append('{');
    String comma = "";
    for (Map.Entry<String, String> field : fields.entrySet()) {
      out.append(comma);
      quote(out, field.getKey());
      out.append(':');
      quote(out, field.getValue());
      comma = ",";
    }
    out.append('}');
  }

  /** A string in quotes; no control character, line separator or lone surrogate stays as it is. */
  static void quote(StringBuilder out, String value) {
    out.append('"');
    for (int i = 0; i < value.length(); i++) {
      char c = value.charAt(i);
      switch (c) {
        case '"', '\\' -> out.append('\\').append(c);
        case '\n' -> out.append("\\n");
        case '\r' -> out.append("\\r");
        case '\t' -> out.append("\\t");
        default -> {
          if (Character.isISOControl(c) || c == '\u2028' || c == '\u2029' || lone(value, i)) {
            out.append(String.format(Locale.ROOT, "\\u%04x", (int) c));
          } else {
            out.append(c);
          }
        }
      }
    }
    out.append('"');
  }

  private static boolean lone(String value, int at) {
    char c = value.charAt(at);
    if (Character.isHighSurrogate(c)) {
      return at + 1 == value.length() || !Character.isLowSurrogate(value.charAt(at + 1));
    }
    return Character.isLowSurrogate(c)
        && (at == 0 || !Character.isHighSurrogate(value.charAt(at - 1)));
  }
}
