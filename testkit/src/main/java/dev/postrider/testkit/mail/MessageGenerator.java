package dev.postrider.testkit.mail;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Base64;
import java.util.List;
import java.util.Locale;
import java.util.SplittableRandom;

/**
 * Makes messages as they come in life: plain, nested, in many scripts, with attachments, and broken
 * in the ways that mail is broken. Message {@code n} of a seed is always the same one.
 *
 * <p>No message holds NUL, a bare CR or a bare LF, and each ends in CRLF, so that any client can
 * carry it without a change.
 */
public final class MessageGenerator {

  private static final List<String> WORDS =
      List.of(
          "mail",
          "Grüße",
          "письмо",
          "手紙",
          "رسالة",
          "naïve",
          "courier",
          "☃",
          "Ærøskøbing",
          "post",
          "queue",
          "the",
          "a",
          "envelope",
          "γράμμα",
          "✉️",
          "letter",
          "of",
          "riding",
          "night");

  private static final List<String> NAMES =
      List.of("Alice Example", "Bob", "Zoë Müller", "Иван Петров", "山田太郎", "O'Brien, Pat");

  private final long seed;

  public MessageGenerator(long seed) {
    this.seed = seed;
  }

  /** What a message is like. */
  public enum Shape {
    PLAIN,
    UTF8_8BIT,
    LATIN1_UNDECLARED,
    QUOTED_PRINTABLE,
    ALTERNATIVE,
    NESTED,
    ATTACHMENT,
    MESSAGE_IN_MESSAGE,
    LONG_LINES,
    LONG_HEADERS,
    DOTS_AND_FROM_LINES,
    EMPTY_BODY,
    HEADERS_ONLY,
    UNCLOSED_BOUNDARY,
    MULTIPART_WITHOUT_BOUNDARY,
    BROKEN_BASE64,
    UNKNOWN_CHARSET,
    RAW_8BIT_HEADERS,
    BROKEN_HEADERS,
    MANY_RECIPIENTS
  }

  /** Shape of message {@code index}; every shape occurs in any twenty in a row. */
  public Shape shape(int index) {
    Shape[] shapes = Shape.values();
    return shapes[Math.floorMod(index, shapes.length)];
  }

  /** Message {@code index}, from 0. */
  public byte[] message(int index) {
    SplittableRandom random = new SplittableRandom(seed * 1_000_003 + index);
    Text text = new Text();
    headers(text, index, random);
    switch (shape(index)) {
      case PLAIN -> text.line("").lines(paragraph(random, 20, true));
      case UTF8_8BIT -> eightBit(text, random, "utf-8");
      case LATIN1_UNDECLARED -> text.line("").octets("Gr\u00fc\u00dfe, \u00e0 bient\u00f4t\r\n", 3);
      case QUOTED_PRINTABLE -> quotedPrintable(text, random);
      case ALTERNATIVE -> alternative(text, random);
      case NESTED -> nested(text, random, 1 + random.nextInt(7));
      case ATTACHMENT -> attachment(text, random, 1 + random.nextInt(200_000));
      case MESSAGE_IN_MESSAGE -> messageInMessage(text, index);
      case LONG_LINES -> text.line("").line("x".repeat(900 + random.nextInt(20_000))).line("end");
      case LONG_HEADERS -> longHeaders(text, random);
      case DOTS_AND_FROM_LINES ->
          text.line("").line(".").line("..").line("From me").line(">From you").line(".x").line("");
      case EMPTY_BODY -> text.line("");
      case HEADERS_ONLY -> text.line("X-Last: there is no empty line after this one");
      case UNCLOSED_BOUNDARY -> unclosed(text, random);
      case MULTIPART_WITHOUT_BOUNDARY ->
          text.line("MIME-Version: 1.0").line("Content-Type: multipart/mixed").line("").line("--x");
      case BROKEN_BASE64 -> brokenBase64(text);
      case UNKNOWN_CHARSET -> eightBit(text, random, "x-martian");
      case RAW_8BIT_HEADERS ->
          text.octets("X-Raw: \u00fc\u00df\u00e4 \u0001\u007f\r\n", 1).line("").line("body");
      case BROKEN_HEADERS -> brokenHeaders(text);
      case MANY_RECIPIENTS -> manyRecipients(text, random);
    }
    return text.bytes();
  }

  /**
   * A message with one text part and attachments of random octets.
   *
   * @param octets of all attachments before base64, which makes them a third longer
   */
  public byte[] withAttachments(int index, int attachments, int octets) {
    SplittableRandom random = new SplittableRandom(seed * 1_000_003 + index);
    Text text = new Text();
    headers(text, index, random);
    text.line("MIME-Version: 1.0")
        .line("Content-Type: multipart/mixed; boundary=\"=_big\"")
        .line("");
    text.line("--=_big").line("Content-Type: text/plain; charset=utf-8").line("");
    text.lines(paragraph(random, 5, false));
    for (int i = 0; i < attachments; i++) {
      text.line("--=_big");
      base64(text, random, octets / attachments, "part-" + i + ".bin");
    }
    return text.line("--=_big--").bytes();
  }

  /**
   * Writes messages 0 to {@code count - 1} as a Maildir: lines end in LF there, some are new, some
   * have flags.
   */
  public void maildir(Path directory, int count) throws IOException {
    for (String sub : List.of("cur", "new", "tmp")) {
      Files.createDirectories(directory.resolve(sub));
    }
    String[] flags = {"", "S", "RS", "FS", "FRS", "DS"};
    for (int i = 0; i < count; i++) {
      String unique = String.format(Locale.ROOT, "%d.M%dP1.generated", 1_700_000_000 + i, i);
      boolean isNew = i % 10 == 0;
      String name = isNew ? "new/" + unique : "cur/" + unique + ":2," + flags[i % flags.length];
      byte[] message = withLf(message(i));
      // Tools skip a file whose header does not end: such a message gets its empty line.
      boolean endless = shape(i) == Shape.HEADERS_ONLY;
      byte[] whole = endless ? Arrays.copyOf(message, message.length + 1) : message;
      whole[whole.length - 1] = '\n';
      Files.write(directory.resolve(name), whole);
    }
  }

  /** The same text with LF at the ends of lines. */
  public static byte[] withLf(byte[] message) {
    return new String(message, ISO_8859_1).replace("\r\n", "\n").getBytes(ISO_8859_1);
  }

  private void headers(Text text, int index, SplittableRandom random) {
    String name = NAMES.get(random.nextInt(NAMES.size()));
    text.line("From: " + encoded(name, random) + " <sender" + index + "@generated.test>");
    text.line("To: =?utf-8?Q?Z=C3=BCrich_list?= <list@generated.test>");
    text.line("Subject: " + encoded(index + " " + words(random, 1 + random.nextInt(12)), random));
    text.line(
        String.format(
            Locale.ROOT,
            "Date: Mon, %d Jan 2024 %02d:%02d:00 +0100",
            1 + 7 * random.nextInt(4),
            random.nextInt(24),
            random.nextInt(60)));
    text.line("Message-ID: <" + Long.toHexString(seed) + "." + index + "@generated.test>");
  }

  private static void eightBit(Text text, SplittableRandom random, String charset) {
    text.line("MIME-Version: 1.0").line("Content-Type: text/plain; charset=" + charset);
    text.line("Content-Transfer-Encoding: 8bit").line("");
    text.lines(paragraph(random, 30, false));
  }

  private static void quotedPrintable(Text text, SplittableRandom random) {
    text.line("MIME-Version: 1.0").line("Content-Type: text/plain; charset=\"utf-8\"");
    text.line("Content-Transfer-Encoding: quoted-printable").line("");
    for (String line : paragraph(random, 10, false)) {
      StringBuilder encoded = new StringBuilder();
      for (byte octet : line.getBytes(UTF_8)) {
        boolean plain = octet > ' ' && octet < 0x7f && octet != '=';
        encoded.append(plain ? "" + (char) octet : String.format(Locale.ROOT, "=%02X", octet));
        if (encoded.length() - encoded.lastIndexOf("\n") > 72) {
          encoded.append("=\r\n");
        }
      }
      text.line(encoded.toString());
    }
  }

  private static void alternative(Text text, SplittableRandom random) {
    text.line("MIME-Version: 1.0");
    text.line("Content-Type: multipart/alternative; boundary=alt").line("").line("Preamble.");
    text.line("--alt").line("Content-Type: text/plain; charset=utf-8").line("");
    text.lines(paragraph(random, 4, false));
    text.line("--alt").line("Content-Type: multipart/related; boundary=rel").line("");
    text.line("--rel").line("Content-Type: text/html; charset=utf-8").line("");
    text.line("<p>Gr&uuml;&szlig;e <img src=\"cid:one\"> ☃</p>");
    text.line("--rel").line("Content-Type: image/png").line("Content-ID: <one>");
    text.line("Content-Transfer-Encoding: base64").line("").line("iVBORw0KGgo=");
    text.line("--rel--").line("").line("--alt--").line("Epilogue.");
  }

  private static void nested(Text text, SplittableRandom random, int depth) {
    text.line("MIME-Version: 1.0");
    for (int i = 0; i < depth; i++) {
      text.line("Content-Type: multipart/mixed; boundary=\"level " + i + "\"").line("");
      text.line("--level " + i).line("Content-Type: text/plain; charset=us-ascii").line("");
      text.lines(paragraph(random, 2, true)).line("--level " + i);
    }
    text.line("Content-Type: text/plain; charset=utf-8").line("").line("innermost ☃");
    for (int i = depth - 1; i >= 0; i--) {
      text.line("--level " + i + "--");
    }
  }

  private static void attachment(Text text, SplittableRandom random, int octets) {
    text.line("MIME-Version: 1.0").line("Content-Type: multipart/mixed; boundary==_att").line("");
    text.line("--=_att").line("").line("See the attachment.").line("--=_att");
    base64(text, random, octets, "r%C3%A9sum%C3%A9.pdf");
    text.line("--=_att--");
  }

  private static void base64(Text text, SplittableRandom random, int octets, String name) {
    byte[] content = new byte[octets];
    random.nextBytes(content);
    text.line("Content-Type: application/octet-stream");
    text.line("Content-Disposition: attachment; filename*=utf-8''" + name);
    text.line("Content-Transfer-Encoding: base64").line("");
    text.octets(Base64.getMimeEncoder(76, new byte[] {'\r', '\n'}).encodeToString(content), 1);
    text.line("");
  }

  private void messageInMessage(Text text, int index) {
    text.line("MIME-Version: 1.0").line("Content-Type: multipart/digest; boundary=d").line("");
    text.line("--d").line("Content-Type: message/rfc822").line("");
    // The one six before is of shape PLAIN, QUOTED_PRINTABLE or the like, never of this one.
    text.octets(new String(message(index - 6), ISO_8859_1), 1).line("--d--");
  }

  private static void longHeaders(Text text, SplittableRandom random) {
    text.line("X-Long: " + "y".repeat(5000));
    for (int i = 0; i < 60; i++) {
      text.line("References: <" + Long.toHexString(random.nextLong()) + "@generated.test>");
      text.line("\t<" + i + "@generated.test>");
    }
    text.line("").line("body");
  }

  private static void unclosed(Text text, SplittableRandom random) {
    text.line("MIME-Version: 1.0").line("Content-Type: multipart/mixed; boundary=\"open").line("");
    text.line("--open").line("Content-Type: text/plain; charset=").line("");
    text.lines(paragraph(random, 3, false)).line("--opening");
  }

  private static void brokenBase64(Text text) {
    text.line("MIME-Version: 1.0").line("Content-Type: text/plain; charset=utf-8");
    text.line("Content-Transfer-Encoding: base64").line("").line("R3L8w5%%=é=A").line("====");
  }

  private static void brokenHeaders(Text text) {
    text.line("this is no header").line("Subject : a blank before the colon").line(": no name");
    text.line("Date: yesterday").line("From: <<>@").line("To: undisclosed-recipients:;");
    text.line("Subject: =?utf-8?B?broken?= =?x?Q?=ZZ?=").line("").line("body");
  }

  private static void manyRecipients(Text text, SplittableRandom random) {
    text.line("Cc: first@generated.test,");
    for (int i = 0; i < 300; i++) {
      text.line("  \"" + words(random, 1).replace("\"", "") + "\" <r" + i + "@generated.test>,");
    }
    text.line("  last@generated.test").line("").line("body");
  }

  private static List<String> paragraph(SplittableRandom random, int linesMax, boolean ascii) {
    return random
        .ints(1 + random.nextInt(linesMax), 1, 14)
        .mapToObj(count -> words(random, count))
        .map(line -> ascii ? line.replaceAll("[^ -~]", "o") : line)
        .toList();
  }

  private static String words(SplittableRandom random, int count) {
    StringBuilder words = new StringBuilder();
    for (int i = 0; i < count; i++) {
      words.append(i == 0 ? "" : " ").append(WORDS.get(random.nextInt(WORDS.size())));
    }
    return words.toString();
  }

  /** RFC 2047 section 2: encoded words of at most 75 characters, folded. */
  private static String encoded(String text, SplittableRandom random) {
    if (text.chars().allMatch(c -> c < 0x7f && c != ',')) {
      return text;
    }
    StringBuilder encoded = new StringBuilder();
    int[] points = text.codePoints().toArray();
    for (int from = 0; from < points.length; from += 10) {
      String chunk = new String(points, from, Math.min(10, points.length - from));
      encoded.append(from == 0 ? "" : "\r\n ");
      encoded.append(random.nextBoolean() ? base64Word(chunk) : quotedWord(chunk));
    }
    return encoded.toString();
  }

  private static String base64Word(String chunk) {
    return "=?UTF-8?B?" + Base64.getEncoder().encodeToString(chunk.getBytes(UTF_8)) + "?=";
  }

  private static String quotedWord(String chunk) {
    StringBuilder word = new StringBuilder("=?utf-8?q?");
    for (byte octet : chunk.getBytes(UTF_8)) {
      boolean plain = (octet >= 'a' && octet <= 'z') || (octet >= 'A' && octet <= 'Z');
      word.append(plain ? "" + (char) octet : String.format(Locale.ROOT, "=%02X", octet));
    }
    return word.append("?=").toString();
  }

  /** Lines being written, in UTF-8 where they are text and octet by octet where they are not. */
  private static final class Text {
    private final java.io.ByteArrayOutputStream out = new java.io.ByteArrayOutputStream();

    Text line(String line) {
      out.writeBytes(line.getBytes(UTF_8));
      out.write('\r');
      out.write('\n');
      return this;
    }

    Text lines(List<String> lines) {
      lines.forEach(this::line);
      return this;
    }

    Text octets(String latin1, int times) {
      for (int i = 0; i < times; i++) {
        out.writeBytes(latin1.getBytes(ISO_8859_1));
      }
      return this;
    }

    byte[] bytes() {
      return out.toByteArray();
    }
  }
}
