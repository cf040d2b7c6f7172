package dev.postrider.protocol.message;

import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/** A header field with its octets as they stand in the message. RFC 5322 section 2.2. */
public final class HeaderField {

  /** RFC 5322 section 2.1.1, without CRLF. */
  public static final int LINE_CHARS_WANTED = 78;

  private final String name;
  private final byte[] octets;

  HeaderField(String name, byte[] octets) {
    this.name = name;
    this.octets = octets;
  }

  /**
   * A new field, folded at spaces where it gets longer than {@value #LINE_CHARS_WANTED} characters.
   * Control characters in {@code value} become spaces, so that no text can add a field. Text beyond
   * ASCII is written in UTF-8 (RFC 6532); encode it before where that is not wanted ({@link
   * HeaderText#encode}).
   *
   * @throws IllegalArgumentException when {@code name} is no field name
   */
  public static HeaderField of(String name, String value) {
    byte[] ascii = (name + ":").getBytes(StandardCharsets.UTF_8);
    if (HeaderLine.nameEnd(ascii, 0, ascii.length) != name.length()) {
      throw new IllegalArgumentException("not a field name");
    }
    StringBuilder clean = new StringBuilder(value.length());
    value
        .codePoints()
        .map(point -> Character.isISOControl(point) ? ' ' : point)
        .forEach(clean::appendCodePoint);
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    fold(name + ": " + clean.toString().strip(), out);
    return new HeaderField(name, out.toByteArray());
  }

  private static void fold(String text, ByteArrayOutputStream out) {
    int start = 0;
    while (text.length() - start > LINE_CHARS_WANTED) {
      // A line of white space alone is obsolete syntax, so nothing is folded before the first word.
      int least = start == 0 ? text.indexOf(':') + 2 : start + 1;
      int space = text.lastIndexOf(' ', start + LINE_CHARS_WANTED);
      while (space > least && text.charAt(space - 1) == ' ') {
        space--;
      }
      if (space <= least) {
        space = nextWordEnd(text, Math.max(least, start + LINE_CHARS_WANTED));
      }
      if (space < 0) {
        break;
      }
      out.writeBytes((text.substring(start, space) + "\r\n").getBytes(StandardCharsets.UTF_8));
      start = space;
    }
    out.writeBytes((text.substring(start) + "\r\n").getBytes(StandardCharsets.UTF_8));
  }

  private static int nextWordEnd(String text, int from) {
    int space = text.indexOf(' ', from);
    return space >= 0 && !text.substring(space).isBlank() ? space : -1;
  }

  /** As written. */
  public String name() {
    return name;
  }

  public boolean isNamed(String other) {
    return name.equalsIgnoreCase(other);
  }

  /** Name, colon, value and every CRLF, as in the message. */
  public byte[] octets() {
    return octets.clone();
  }

  int length() {
    return octets.length;
  }

  void writeTo(ByteArrayOutputStream out) {
    out.writeBytes(octets);
  }

  /** The value unfolded, without white space around it, as an octet string. */
  public String rawValue() {
    int colon = 0;
    while (colon < octets.length && octets[colon] != ':') {
      colon++;
    }
    return unfold(
        new String(octets, StandardCharsets.ISO_8859_1)
            .substring(Math.min(colon + 1, octets.length)));
  }

  /** The value unfolded, read as UTF-8, or as Latin-1 when it is not; encoded words are left. */
  public String value() {
    return HeaderField.text(rawValue());
  }

  /** An octet string read as UTF-8, or as Latin-1 when it is not UTF-8. */
  static String text(String octetString) {
    byte[] octets = octetString.getBytes(StandardCharsets.ISO_8859_1);
    try {
      return StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(octets)).toString();
    } catch (CharacterCodingException notUtf8) {
      return octetString;
    }
  }

  /** Takes line endings out: folding white space stays as it was. RFC 5322 section 2.2.3. */
  static String unfold(String folded) {
    StringBuilder out = new StringBuilder(folded.length());
    for (int i = 0; i < folded.length(); i++) {
      char c = folded.charAt(i);
      if (c != '\r' && c != '\n') {
        out.append(c);
      }
    }
    return strip(out);
  }

  /** Not {@link String#strip}, which knows octets above 127 as white space. */
  private static String strip(StringBuilder text) {
    int start = 0;
    int end = text.length();
    while (start < end && (text.charAt(start) == ' ' || text.charAt(start) == '\t')) {
      start++;
    }
    while (end > start && (text.charAt(end - 1) == ' ' || text.charAt(end - 1) == '\t')) {
      end--;
    }
    return text.substring(start, end);
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof HeaderField field && Arrays.equals(octets, field.octets);
  }

  @Override
  public int hashCode() {
    return Arrays.hashCode(octets);
  }

  @Override
  public String toString() {
    return name + ": " + value();
  }
}
