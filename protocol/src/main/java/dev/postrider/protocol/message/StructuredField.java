package dev.postrider.protocol.message;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * The value of Content-Type and Content-Disposition: {@code value; name=value; name="value"}. RFC
 * 2045 section 5.1, RFC 2183 section 2. Reads what it can of anything.
 *
 * @param value what stands before the first semicolon, without comments and white space
 * @param parameters in their order
 */
public record StructuredField(String value, List<Parameter> parameters) {

  /** Parameters of one field; long file names in RFC 2231 pieces have been seen with 20. */
  public static final int PARAMETERS_MAX = 100;

  public StructuredField {
    parameters = List.copyOf(parameters);
  }

  /** Reads an unfolded octet string. */
  public static StructuredField parse(String raw) {
    String text = Comments.removed(raw);
    int semicolon = text.indexOf(';');
    String value = withoutSpace(semicolon < 0 ? text : text.substring(0, semicolon));
    List<Parameter> parameters = new ArrayList<>();
    int at = semicolon < 0 ? text.length() : semicolon + 1;
    while (at < text.length() && parameters.size() < PARAMETERS_MAX) {
      at = parameter(text, at, parameters);
    }
    return new StructuredField(value, parameters);
  }

  /** Value of the parameter of that name, RFC 2231 not considered; the first of several. */
  public Optional<String> parameter(String name) {
    return parameters.stream()
        .filter(parameter -> parameter.name().equalsIgnoreCase(name))
        .map(Parameter::value)
        .findFirst();
  }

  /** Reads one from {@code at} on and returns the index behind its semicolon. */
  private static int parameter(String text, int at, List<Parameter> into) {
    int i = at;
    while (i < text.length() && text.charAt(i) != '=' && text.charAt(i) != ';') {
      i++;
    }
    String name = withoutSpace(text.substring(at, i));
    if (i >= text.length() || text.charAt(i) == ';') {
      return i + 1;
    }
    i++;
    while (i < text.length() && isSpace(text.charAt(i))) {
      i++;
    }
    StringBuilder value = new StringBuilder();
    if (i < text.length() && text.charAt(i) == '"') {
      i = quoted(text, i + 1, value);
      int semicolon = text.indexOf(';', i);
      i = semicolon < 0 ? text.length() : semicolon;
    } else {
      int semicolon = text.indexOf(';', i);
      int end = semicolon < 0 ? text.length() : semicolon;
      // Values with spaces and without quotes are wrong, and common in file names.
      value.append(text.substring(i, end).strip());
      i = end;
    }
    if (!name.isEmpty()) {
      into.add(new Parameter(name, value.toString()));
    }
    return i + 1;
  }

  private static int quoted(String text, int from, StringBuilder into) {
    int i = from;
    while (i < text.length() && text.charAt(i) != '"') {
      if (text.charAt(i) == '\\' && i + 1 < text.length()) {
        i++;
      }
      into.append(text.charAt(i));
      i++;
    }
    return Math.min(i + 1, text.length());
  }

  private static String withoutSpace(String text) {
    StringBuilder out = new StringBuilder(text.length());
    for (int i = 0; i < text.length(); i++) {
      if (!isSpace(text.charAt(i))) {
        out.append(text.charAt(i));
      }
    }
    return out.toString();
  }

  private static boolean isSpace(char c) {
    return c == ' ' || c == '\t';
  }
}
