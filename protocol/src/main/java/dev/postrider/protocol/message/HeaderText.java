package dev.postrider.protocol.message;

import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.Charset;
import java.nio.charset.IllegalCharsetNameException;
import java.nio.charset.StandardCharsets;
import java.nio.charset.UnsupportedCharsetException;
import java.util.Base64;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** Text beyond ASCII in header fields: encoded words (RFC 2047) and parameters (RFC 2231). */
public final class HeaderText {

  /** RFC 2047 section 2. */
  private static final int ENCODED_WORD_CHARS_MAX = 75;

  static final Charset WINDOWS = Charset.forName("windows-1252");

  private static final String PREFIX = "=?UTF-8?B?";
  private static final String SUFFIX = "?=";

  /** Octets of UTF-8 whose base64 still fits into a word. */
  private static final int WORD_OCTETS_MAX =
      (ENCODED_WORD_CHARS_MAX - PREFIX.length() - SUFFIX.length()) / 4 * 3;

  /** Spaces inside the text are wrong, and written by some. */
  private static final Pattern WORD =
      Pattern.compile(
          "=\\?([A-Za-z0-9_.:+-]{1,60})(?:\\*[A-Za-z0-9-]*)?\\?([BbQq])\\?([^?\r\n]*)\\?=");

  private static final Pattern SAFE_PHRASE = Pattern.compile("[A-Za-z0-9!#$%&'*+/=?^_`{|}~ -]+");

  private HeaderText() {}

  /**
   * The text that a person reads. {@code value} is an octet string or text; octets beyond ASCII are
   * read as UTF-8, else as Latin-1. A word that cannot be decoded stays as it is.
   */
  public static String decode(String value) {
    if (isPlain(value)) {
      return value;
    }
    String text = isOctetString(value) ? HeaderField.text(value) : value;
    Matcher word = WORD.matcher(text);
    StringBuilder out = new StringBuilder(text.length());
    Decoder pending = new Decoder(out);
    int at = 0;
    while (word.find()) {
      String between = text.substring(at, word.start());
      Optional<Charset> charset = charset(word.group(1));
      byte @Nullable [] octets = charset.isEmpty() ? null : octets(word.group(2), word.group(3));
      // RFC 2047 section 6.2: white space between two encoded words is not shown.
      if (octets == null || !pending.isOpen() || !between.isBlank()) {
        pending.close();
        out.append(between);
      }
      if (octets == null || charset.isEmpty()) {
        out.append(word.group());
      } else {
        pending.add(charset.get(), octets);
      }
      at = word.end();
    }
    pending.close();
    return out.append(text, at, text.length()).toString();
  }

  /** US-ASCII without encoded words, as most is. */
  private static boolean isPlain(String value) {
    for (int i = 0; i < value.length(); i++) {
      char c = value.charAt(i);
      if (c >= 0x80 || (c == '=' && value.startsWith("=?", i))) {
        return false;
      }
    }
    return true;
  }

  /** Text for an unstructured field such as Subject: as it is when ASCII, else encoded words. */
  public static String encode(String text) {
    String clean = withoutControls(text);
    boolean plain = clean.chars().allMatch(c -> c < 0x7f) && !clean.contains("=?");
    return plain ? clean : words(clean);
  }

  /** Text for a display name: as it is, quoted, or encoded words. RFC 2047 section 5 (3). */
  public static String encodePhrase(String text) {
    String clean = withoutControls(text);
    if (!clean.chars().allMatch(c -> c < 0x7f) || clean.contains("=?")) {
      return words(clean);
    }
    if (SAFE_PHRASE.matcher(clean).matches() && clean.strip().equals(clean)) {
      return clean;
    }
    return "\"" + clean.replace("\\", "\\\\").replace("\"", "\\\"") + "\"";
  }

  /**
   * Value of the parameter {@code name} with RFC 2231 pieces joined and decoded, and with encoded
   * words decoded, which RFC 2047 section 5 forbids there and many write.
   */
  public static Optional<String> parameter(List<Parameter> parameters, String name) {
    SortedMap<Integer, Parameter> pieces = new TreeMap<>();
    Optional<String> plain = Optional.empty();
    for (Parameter parameter : parameters) {
      String written = parameter.name();
      if (written.equalsIgnoreCase(name)) {
        plain = plain.or(() -> Optional.of(decode(parameter.value())));
      } else if (written.regionMatches(true, 0, name + "*", 0, name.length() + 1)) {
        int number = pieceNumber(written.substring(name.length() + 1));
        if (number >= 0) {
          pieces.putIfAbsent(number, parameter);
        }
      }
    }
    return pieces.containsKey(0) ? Optional.of(join(pieces)) : plain;
  }

  /** Of {@code *}, {@code 0}, {@code 0*}, {@code 12}: 0, 0, 0, 12; -1 for others. */
  static int pieceNumber(String suffix) {
    String digits = suffix.endsWith("*") ? suffix.substring(0, suffix.length() - 1) : suffix;
    if (digits.isEmpty()) {
      return 0;
    }
    boolean number = digits.length() <= 3 && digits.chars().allMatch(c -> c >= '0' && c <= '9');
    return number ? Integer.parseInt(digits) : -1;
  }

  /** Text of the pieces from 0 on, up to the first that is missing. */
  static String join(SortedMap<Integer, Parameter> pieces) {
    ByteArrayOutputStream octets = new ByteArrayOutputStream();
    Charset charset = StandardCharsets.UTF_8;
    int expected = 0;
    for (var piece : pieces.entrySet()) {
      if (piece.getKey() != expected) {
        break;
      }
      String value = piece.getValue().value();
      String name = piece.getValue().name();
      boolean encoded = name.endsWith("*");
      if (expected == 0 && encoded) {
        int quote = value.indexOf('\'');
        int second = quote < 0 ? -1 : value.indexOf('\'', quote + 1);
        if (second >= 0) {
          charset = charset(value.substring(0, quote)).orElse(StandardCharsets.UTF_8);
          value = value.substring(second + 1);
        }
      }
      octets.writeBytes(encoded ? unescape(value, '%', false) : bytes(value));
      expected++;
    }
    return text(octets.toByteArray(), charset);
  }

  private static byte[] octets(String encoding, String encoded) {
    if (encoding.equalsIgnoreCase("Q")) {
      return unescape(encoded, '=', true);
    }
    // What is not base64 is skipped (RFC 2045 section 6.8), and so is a last piece that is cut off.
    String whole = encoded.replaceAll("[^A-Za-z0-9+/]", "");
    int kept = whole.length() % 4 == 1 ? whole.length() - 1 : whole.length();
    return Base64.getDecoder().decode(whole.substring(0, kept));
  }

  /** Turns {@code =41} or {@code %41} into its octet; what is no hex stays. */
  private static byte[] unescape(String text, char escape, boolean underscoreIsSpace) {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      int high =
          c == escape && i + 2 < text.length() ? Character.digit(text.charAt(i + 1), 16) : -1;
      int low = high < 0 ? -1 : Character.digit(text.charAt(i + 2), 16);
      if (low >= 0) {
        out.write(high * 16 + low);
        i += 2;
      } else if (c == '_' && underscoreIsSpace) {
        out.write(' ');
      } else {
        out.writeBytes(bytes(String.valueOf(c)));
      }
    }
    return out.toByteArray();
  }

  private static byte[] bytes(String text) {
    return text.getBytes(
        isOctetString(text) ? StandardCharsets.ISO_8859_1 : StandardCharsets.UTF_8);
  }

  private static boolean isOctetString(String text) {
    return text.chars().allMatch(c -> c <= 0xff);
  }

  /** The charset that {@code name} means; empty when it is not known here. */
  static Optional<Charset> charset(String name) {
    try {
      return switch (name.toLowerCase(Locale.ROOT)) {
        // What is called so is in truth written by Windows.
        case "iso-8859-1", "us-ascii", "latin1" -> Optional.of(WINDOWS);
        default -> Optional.of(Charset.forName(name));
      };
    } catch (IllegalCharsetNameException | UnsupportedCharsetException unknown) {
      return Optional.empty();
    }
  }

  private static String text(byte[] octets, Charset charset) {
    try {
      return charset.newDecoder().decode(ByteBuffer.wrap(octets)).toString();
    } catch (CharacterCodingException | UnsupportedOperationException notThatCharset) {
      return new String(octets, charset);
    }
  }

  private static String withoutControls(String text) {
    StringBuilder clean = new StringBuilder(text.length());
    text.codePoints()
        .map(point -> Character.isISOControl(point) ? ' ' : point)
        .forEach(clean::appendCodePoint);
    return clean.toString();
  }

  private static String words(String text) {
    StringBuilder out = new StringBuilder();
    int start = 0;
    int octets = 0;
    int i = 0;
    while (i < text.length()) {
      int point = text.codePointAt(i);
      int size = new String(Character.toChars(point)).getBytes(StandardCharsets.UTF_8).length;
      if (octets + size > WORD_OCTETS_MAX) {
        word(text.substring(start, i), out);
        start = i;
        octets = 0;
      }
      octets += size;
      i += Character.charCount(point);
    }
    word(text.substring(start), out);
    return out.toString();
  }

  private static void word(String text, StringBuilder out) {
    if (!out.isEmpty()) {
      out.append(' ');
    }
    out.append(PREFIX)
        .append(Base64.getEncoder().encodeToString(text.getBytes(StandardCharsets.UTF_8)))
        .append(SUFFIX);
  }

  /** Joins neighbouring words of one charset, for some tear a character apart between two. */
  private static final class Decoder {

    private final StringBuilder out;
    private final ByteArrayOutputStream octets = new ByteArrayOutputStream();
    private @Nullable Charset charset;

    Decoder(StringBuilder out) {
      this.out = out;
    }

    boolean isOpen() {
      return charset != null;
    }

    void add(Charset of, byte[] more) {
      if (!of.equals(charset)) {
        close();
        charset = of;
      }
      octets.writeBytes(more);
    }

    void close() {
      Charset known = charset;
      if (known != null) {
        out.append(text(octets.toByteArray(), known));
        octets.reset();
        charset = null;
      }
    }
  }
}
