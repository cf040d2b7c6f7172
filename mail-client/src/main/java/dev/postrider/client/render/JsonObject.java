package dev.postrider.client.render;

import java.time.Instant;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * A JSON object that is built field by field and written once. Values are strings, numbers,
 * booleans, instants (as ISO 8601), other objects and collections of these; an absent optional and
 * null leave the field out. RFC 8259.
 */
public final class JsonObject {
  private final Map<String, Object> fields = new LinkedHashMap<>();

  /** An object that names its form, such as {@code postrider.list/1}. */
  public static JsonObject ofSchema(String verb) {
    return new JsonObject().put("schema", "postrider." + verb + "/1");
  }

  public JsonObject put(String name, @Nullable Object value) {
    Object present = value instanceof Optional<?> o ? o.orElse(null) : value;
    if (present != null) {
      fields.put(name, present);
    }
    return this;
  }

  /** On one line. */
  public String compact() {
    StringBuilder out = new StringBuilder();
    write(out, this, -1);
    return out.toString();
  }

  /** Indented for reading. */
  public String pretty() {
    StringBuilder out = new StringBuilder();
    write(out, this, 0);
    return out.toString();
  }

  /** {@code indent} is the present depth, or -1 for all on one line. */
  private static void write(StringBuilder out, Object value, int indent) {
    switch (value) {
      case JsonObject object -> object.writeFields(out, indent);
      case Collection<?> list -> writeList(out, List.copyOf(list), indent);
      case Number number -> out.append(number);
      case Boolean flag -> out.append(flag);
      case Instant instant -> string(out, instant.toString());
      default -> string(out, value.toString());
    }
  }

  private void writeFields(StringBuilder out, int indent) {
    int inner = indent < 0 ? -1 : indent + 1;
    out.append('{');
    boolean first = true;
    for (Map.Entry<String, Object> field : fields.entrySet()) {
      out.append(first ? "" : ",");
      newLine(out, inner);
      string(out, field.getKey());
      out.append(indent < 0 ? ":" : ": ");
      write(out, field.getValue(), inner);
      first = false;
    }
    if (!first) {
      newLine(out, indent);
    }
    out.append('}');
  }

  private static void writeList(StringBuilder out, List<?> list, int indent) {
    int inner = indent < 0 ? -1 : indent + 1;
    out.append('[');
    for (int i = 0; i < list.size(); i++) {
      out.append(i == 0 ? "" : ",");
      newLine(out, inner);
      write(out, list.get(i), inner);
    }
    if (!list.isEmpty()) {
      newLine(out, indent);
    }
    out.append(']');
  }

  private static void newLine(StringBuilder out, int indent) {
    if (indent >= 0) {
      out.append('\n').append("  ".repeat(indent));
    }
  }

  private static void string(StringBuilder out, String text) {
    out.append('"');
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      switch (c) {
        case '"' -> out.append("\\\"");
        case '\\' -> out.append("\\\\");
        case '\n' -> out.append("\\n");
        case '\r' -> out.append("\\r");
        case '\t' -> out.append("\\t");
        default -> {
          // C1 controls too: a program may print the document to a terminal.
          if (c < 0x20 || (c >= 0x7F && c < 0xA0) || isLoneSurrogate(text, i)) {
            out.append(String.format(java.util.Locale.ROOT, "\\u%04x", (int) c));
          } else {
            out.append(c);
          }
        }
      }
    }
    out.append('"');
  }

  private static boolean isLoneSurrogate(String text, int i) {
    char c = text.charAt(i);
    if (Character.isHighSurrogate(c)) {
      return i + 1 == text.length() || !Character.isLowSurrogate(text.charAt(i + 1));
    }
    return Character.isLowSurrogate(c)
        && (i == 0 || !Character.isHighSurrogate(text.charAt(i - 1)));
  }
}
