package dev.postrider.testkit.dialog;

import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.regex.PatternSyntaxException;

/** Texts of a dialog: what is substituted in them, and whether a line matches one. */
final class LinePattern {

  private static final Pattern CAPTURE = Pattern.compile("([A-Za-z]\\w*)=(.*)", Pattern.DOTALL);

  private LinePattern() {}

  /** The octets that {@code text} stands for. */
  static byte[] octets(String text, Map<String, String> captured) {
    ByteArrayOutputStream octets = new ByteArrayOutputStream();
    for (Piece piece : pieces(text)) {
      String chunk = piece.inBraces() ? valueOf(piece.text(), captured) : piece.text();
      if (piece.inBraces()) {
        octets.writeBytes(chunk.getBytes(StandardCharsets.UTF_8));
      } else {
        writeUnescaped(chunk, octets);
      }
    }
    return octets.toByteArray();
  }

  /** Whether {@code line} is what {@code text} says; if so, what it captures is in the map. */
  static boolean matches(String text, String line, Map<String, String> captured) {
    StringBuilder regex = new StringBuilder();
    List<String> names = new ArrayList<>();
    for (Piece piece : pieces(text)) {
      if (!piece.inBraces()) {
        regex.append(Pattern.quote(decode(octets(piece.text(), Map.of()))));
      } else if (piece.text().startsWith("=")) {
        regex.append(Pattern.quote(valueOf(piece.text(), captured)));
      } else {
        Matcher capture = CAPTURE.matcher(piece.text());
        boolean named = capture.matches();
        names.add(named ? capture.group(1) : "");
        // A named group keeps our count right when the regex has groups of its own.
        regex.append("(?<g").append(names.size()).append('>');
        regex.append(named ? capture.group(2) : piece.text()).append(')');
      }
    }
    Matcher matcher = compile(regex.toString(), text).matcher(line);
    if (!matcher.matches()) {
      return false;
    }
    return keep(names, matcher, captured);
  }

  private static boolean keep(List<String> names, Matcher matcher, Map<String, String> captured) {
    for (int i = 0; i < names.size(); i++) {
      String value = matcher.group("g" + (i + 1));
      String name = names.get(i);
      if (!name.isEmpty() && value != null) {
        String before = captured.putIfAbsent(name, value);
        if (before != null && !before.equals(value)) {
          return false;
        }
      }
    }
    return true;
  }

  /** A line as text: UTF-8, or Latin-1 when it is not that. */
  static String decode(byte[] line) {
    try {
      return StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(line)).toString();
    } catch (CharacterCodingException e) {
      return new String(line, StandardCharsets.ISO_8859_1);
    }
  }

  private static Pattern compile(String regex, String text) {
    try {
      return Pattern.compile(regex, Pattern.DOTALL);
    } catch (PatternSyntaxException e) {
      throw new IllegalArgumentException("wrong regular expression in: " + text, e);
    }
  }

  private static String valueOf(String reference, Map<String, String> captured) {
    if (!reference.startsWith("=")) {
      throw new IllegalArgumentException("only {{=name}} can be sent, not {{" + reference + "}}");
    }
    String value = captured.get(reference.substring(1));
    if (value == null) {
      throw new IllegalArgumentException("nothing was captured as " + reference.substring(1));
    }
    return value;
  }

  private static void writeUnescaped(String text, ByteArrayOutputStream to) {
    int from = 0;
    for (int escape = text.indexOf("\\x"); escape >= 0; escape = text.indexOf("\\x", from)) {
      to.writeBytes(text.substring(from, escape).getBytes(StandardCharsets.UTF_8));
      if (escape + 4 > text.length()) {
        throw new IllegalArgumentException("\\x needs two hexadecimal digits: " + text);
      }
      to.write(Integer.parseInt(text.substring(escape + 2, escape + 4), 16));
      from = escape + 4;
    }
    to.writeBytes(text.substring(from).getBytes(StandardCharsets.UTF_8));
  }

  /** Text between braces, or outside of them. */
  private record Piece(boolean inBraces, String text) {}

  /**
   * Cuts at <code>{{</code> and <code>}}</code>. Of three opening braces the first one stands for
   * itself, so that an IMAP literal can be captured; braces inside must be in pairs.
   */
  private static List<Piece> pieces(String text) {
    List<Piece> pieces = new ArrayList<>();
    int from = 0;
    for (int open = opening(text, from); open >= 0; open = opening(text, from)) {
      pieces.add(new Piece(false, text.substring(from, open)));
      int close = closing(text, open + 2);
      pieces.add(new Piece(true, text.substring(open + 2, close)));
      from = close + 2;
    }
    pieces.add(new Piece(false, text.substring(from)));
    return pieces;
  }

  private static int opening(String text, int from) {
    int open = text.indexOf("{{", from);
    while (open >= 0 && text.startsWith("{{{", open)) {
      open++;
    }
    return open;
  }

  private static int closing(String text, int from) {
    int depth = 0;
    for (int i = from; i < text.length(); i++) {
      char c = text.charAt(i);
      if (c == '\\') {
        i++;
      } else if (c == '{') {
        depth++;
      } else if (c == '}' && depth > 0) {
        depth--;
      } else if (c == '}' && text.startsWith("}}", i)) {
        return i;
      }
    }
    throw new IllegalArgumentException("{{ without }}: " + text);
  }
}
