package dev.postrider.protocol.message;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.CharBuffer;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.util.Locale;
import java.util.Optional;
import org.apache.james.mime4j.codec.Base64InputStream;
import org.apache.james.mime4j.codec.DecodeMonitor;
import org.apache.james.mime4j.codec.QuotedPrintableInputStream;
import org.jspecify.annotations.Nullable;

/**
 * Gathers what the first text part of a message begins with, while its lines go by: RFC 8970
 * section 3.1. A part whose text is blank does not count; a text/html does, without its tags.
 *
 * <p>Holds {@value #HTML_OCTETS_MAX} octets of one part at a time, and looks into {@value
 * #PARTS_MAX} parts at most.
 */
final class PreviewText {

  /** Characters of a preview. RFC 8970 section 3.1: 200, never more than 256. */
  static final int CHARS_MAX = 200;

  /** Octets of a part that are looked at. */
  private static final int PLAIN_OCTETS_MAX = 4 * 1024;

  /** The styles in an HTML mail come first. */
  private static final int HTML_OCTETS_MAX = 32 * 1024;

  /** Text parts that are looked at. */
  static final int PARTS_MAX = 16;

  private final ByteArrayOutputStream gathered = new ByteArrayOutputStream();
  private @Nullable OpenPart part;
  private @Nullable Kind kind;
  private int parts;
  private String text = "";

  /**
   * How a text is written.
   *
   * @param encoding Content-Transfer-Encoding
   */
  record Kind(boolean html, String encoding, Optional<String> charset) {}

  /** The text; empty when there is none. */
  String text() {
    return text;
  }

  /** The body of a part begins. */
  void begin(OpenPart begun) {
    if (!text.isEmpty() || parts == PARTS_MAX) {
      return;
    }
    Optional<Kind> shown = begun.header().shownText();
    if (shown.isPresent()) {
      part = begun;
      kind = shown.get();
      gathered.reset();
      parts++;
    }
  }

  /** A line of the body of {@code of}, or the beginning of a long one. */
  void line(OpenPart of, byte[] octets, int start, int next) {
    Kind known = kind;
    if (of == part && known != null) {
      int octetsMax = known.html() ? HTML_OCTETS_MAX : PLAIN_OCTETS_MAX;
      gathered.write(octets, start, Math.min(next - start, octetsMax - gathered.size()));
      if (gathered.size() == octetsMax) {
        end(of);
      }
    }
  }

  /** The body of {@code ended} has ended, or enough of it was seen. */
  void end(OpenPart ended) {
    Kind known = kind;
    if (ended == part && known != null) {
      text = read(gathered.toByteArray(), known);
      part = null;
      kind = null;
    }
  }

  /** What a body that begins with {@code octets} says. */
  static String read(byte[] octets, Kind kind) {
    String decoded = decode(transferred(octets, kind.encoding()), kind.charset());
    return shortened(kind.html() ? HtmlText.of(decoded) : decoded);
  }

  private static byte[] transferred(byte[] octets, String encoding) {
    try (InputStream in = new ByteArrayInputStream(octets)) {
      return switch (encoding.toLowerCase(Locale.ROOT)) {
        case "base64" -> new Base64InputStream(in, DecodeMonitor.SILENT).readAllBytes();
        case "quoted-printable" ->
            new QuotedPrintableInputStream(in, DecodeMonitor.SILENT).readAllBytes();
        default -> octets;
      };
    } catch (IOException notSoEncoded) {
      return new byte[0];
    }
  }

  /** What is not declared, or not UTF-8 although it should be, is read as Windows writes it. */
  private static String decode(byte[] octets, Optional<String> name) {
    Charset charset = name.flatMap(HeaderText::charset).orElse(StandardCharsets.UTF_8);
    if (!charset.equals(StandardCharsets.UTF_8) && !charset.equals(HeaderText.WINDOWS)) {
      return new String(octets, charset);
    }
    if (charset.equals(HeaderText.WINDOWS) && !name.orElse("").equalsIgnoreCase("us-ascii")) {
      return new String(octets, charset);
    }
    CharBuffer out = CharBuffer.allocate(octets.length);
    boolean utf8 =
        !StandardCharsets.UTF_8
            .newDecoder()
            // The last character may be cut off.
            .decode(ByteBuffer.wrap(octets), out, false)
            .isError();
    return utf8 ? out.flip().toString() : new String(octets, HeaderText.WINDOWS);
  }

  /** White space becomes one space; what has no width is left out. */
  private static String shortened(String text) {
    StringBuilder out = new StringBuilder();
    int chars = 0;
    boolean space = false;
    for (int i = 0; i < text.length() && chars < CHARS_MAX; ) {
      int point = text.codePointAt(i);
      i += Character.charCount(point);
      if (isSpace(point)) {
        space = chars > 0;
      } else if (!hasNoWidth(point)) {
        if (space && chars + 1 < CHARS_MAX) {
          out.append(' ');
          chars++;
        }
        space = false;
        out.appendCodePoint(point);
        chars++;
      }
    }
    return out.toString();
  }

  /** Named here, as tables of Unicode differ between versions of Java. */
  private static boolean isSpace(int point) {
    return point <= ' '
        || (point >= 0x7f && point <= 0xa0)
        || (point >= 0x2000 && point <= 0x200a)
        || point == 0x2028
        || point == 0x2029
        || point == 0x202f
        || point == 0x3000;
  }

  /** With these, senders push what follows out of a preview, or turn its direction. */
  private static boolean hasNoWidth(int point) {
    return point == 0xad
        || point == 0x34f
        || (point >= 0x200b && point <= 0x200f)
        || (point >= 0x202a && point <= 0x202e)
        || (point >= 0x2060 && point <= 0x206f)
        || point == 0xfeff
        || (point >= 0xd800 && point <= 0xdfff);
  }
}
