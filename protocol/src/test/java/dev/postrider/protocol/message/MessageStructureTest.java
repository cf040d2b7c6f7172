package dev.postrider.protocol.message;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import org.junit.jupiter.api.Test;

class MessageStructureTest {

  private static final String MIXED = "Content-Type: multipart/mixed; boundary=b\r\n\r\n";

  @Test
  void plainMessageIsOnePart() throws IOException {
    String text = "Subject: hi\r\nFrom: Joe <joe@a.test>\r\n\r\none\r\ntwo\r\n";
    Part message = parse(text);
    assertThat(message.mediaType()).isEqualTo("text/plain");
    assertThat(message.parameters()).containsExactly(new Parameter("CHARSET", "US-ASCII"));
    assertThat(message.encoding()).isEqualTo("7BIT");
    assertThat(body(text, message)).isEqualTo("one\r\ntwo\r\n");
    assertThat(message.bodyLines()).isEqualTo(2);
    Envelope envelope = message.envelope().orElseThrow();
    assertThat(envelope.subject()).contains("hi");
    assertThat(envelope.replyTo()).isEqualTo(envelope.from());
    assertThat(message.find(List.of(1))).contains(message);
    assertThat(message.find(List.of(2))).isEmpty();
    assertThat(message.find(List.of(1, 1))).isEmpty();
  }

  @Test
  void partEndsBeforeTheLineBreakOfItsBoundary() throws IOException {
    String text =
        MIXED
            + "preamble\r\n--b\r\nContent-Type: text/html; charset=\"utf-8\"\r\n\r\n<p>\r\n\r\n"
            + "--b \t\r\n\r\nsecond\r\n--b--\r\nepilogue\r\n";
    Part message = parse(text);
    assertThat(message.children()).hasSize(2);
    Part html = message.find(List.of(1)).orElseThrow();
    assertThat(header(text, html)).isEqualTo("Content-Type: text/html; charset=\"utf-8\"\r\n\r\n");
    assertThat(body(text, html)).isEqualTo("<p>\r\n");
    assertThat(html.bodyLines()).isEqualTo(1);
    assertThat(html.parameters()).containsExactly(new Parameter("charset", "utf-8"));
    assertThat(html.envelope()).isEmpty();
    Part plain = message.find(List.of(2)).orElseThrow();
    assertThat(header(text, plain)).isEqualTo("\r\n");
    assertThat(body(text, plain)).isEqualTo("second");
    assertThat(plain.bodyLines()).isZero();
    assertThat(message.endOffset()).isEqualTo(text.length());
  }

  @Test
  void looksIntoEmbeddedMessages() throws IOException {
    String inner = "Subject: inner\r\n\r\ninner text\r\n";
    String text = MIXED + "--b\r\nContent-Type: message/rfc822\r\n\r\n" + inner + "\r\n--b--\r\n";
    Part message = parse(text);
    Part carrier = message.find(List.of(1)).orElseThrow();
    assertThat(carrier.isMessage()).isTrue();
    assertThat(carrier.envelope()).isEmpty();
    assertThat(body(text, carrier)).isEqualTo(inner);
    assertThat(carrier.bodyLines()).isEqualTo(3);
    Part embedded = message.find(List.of(1, 1)).orElseThrow();
    assertThat(embedded).isSameAs(carrier.children().getFirst());
    assertThat(embedded.envelope().orElseThrow().subject()).contains("inner");
    assertThat(header(text, embedded)).isEqualTo("Subject: inner\r\n\r\n");
    assertThat(body(text, embedded)).isEqualTo("inner text\r\n");
    assertThat(message.find(List.of(1, 2))).isEmpty();
  }

  // RFC 3501 section 6.4.5, the example of part specifiers
  @Test
  void numbersPartsOfEmbeddedMultiparts() throws IOException {
    String text =
        MIXED
            + "--b\r\n\r\n1\r\n--b\r\nContent-Type: message/rfc822\r\n\r\n"
            + "Content-Type: multipart/alternative; boundary=c\r\n\r\n"
            + "--c\r\n\r\n2.1\r\n--c\r\nContent-Type: multipart/related; boundary=\"d d\"\r\n\r\n"
            + "--d d\r\n\r\n2.2.1\r\n--d d\r\n\r\n2.2.2\r\n--d d--\r\n--c--\r\n--b--\r\n";
    Part message = parse(text);
    for (String path : List.of("1", "2.1", "2.2.1", "2.2.2")) {
      List<Integer> numbers = new ArrayList<>();
      for (String number : path.split("\\.", -1)) {
        numbers.add(Integer.valueOf(number));
      }
      assertThat(body(text, message.find(numbers).orElseThrow())).isEqualTo(path);
    }
  }

  @Test
  void partsOfADigestAreMessages() throws IOException {
    Part message =
        parse(
            lines(
                "Content-Type: multipart/digest; boundary=b",
                "",
                "--b",
                "",
                "Subject: one",
                "",
                "text",
                "--b--"));
    assertThat(message.children().getFirst().isMessage()).isTrue();
    assertThat(message.find(List.of(1, 1)).orElseThrow().envelope().orElseThrow().subject())
        .contains("one");
  }

  @Test
  void readsFieldsOfParts() throws IOException {
    Part part =
        parse(
            lines(
                "Content-Type: image/png (a; comment);",
                " name=\"a \\\"b\\\".png\"",
                "Content-Transfer-Encoding: BASE64",
                "Content-ID: <1@a>",
                "Content-Description: dots",
                "Content-Language: de, en-GB",
                "Content-Disposition: attachment;",
                "\tfilename*=utf-8''%C3%A4.png",
                "Content-Location: http://a/",
                "Content-MD5: Q2hlY2s=",
                "",
                "AAAA"));
    assertThat(part.mediaType()).isEqualTo("image/png");
    assertThat(part.parameters()).containsExactly(new Parameter("name", "a \"b\".png"));
    assertThat(part.encoding()).isEqualTo("BASE64");
    assertThat(part.id()).contains("<1@a>");
    assertThat(part.description()).contains("dots");
    assertThat(part.languages()).containsExactly("de", "en-GB");
    assertThat(part.location()).contains("http://a/");
    assertThat(part.md5()).contains("Q2hlY2s=");
    StructuredField disposition = part.disposition().orElseThrow();
    assertThat(disposition.value()).isEqualTo("attachment");
    assertThat(HeaderText.parameter(disposition.parameters(), "filename")).contains("ä.png");
  }

  @Test
  void boundaryThatBeginsWithAnotherIsNotTakenForIt() throws IOException {
    String text =
        MIXED
            + "--b\r\nContent-Type: multipart/alternative; boundary=bb\r\n\r\n"
            + "--bb\r\n\r\ninner\r\n--bb--\r\n--b\r\n\r\nouter\r\n--b--\r\n";
    Part message = parse(text);
    assertThat(message.children()).hasSize(2);
    assertThat(body(text, message.find(List.of(1, 1)).orElseThrow())).isEqualTo("inner");
    assertThat(body(text, message.find(List.of(2)).orElseThrow())).isEqualTo("outer");
  }

  @Test
  void missingCloseBoundaryEndsWithTheParent() throws IOException {
    String text =
        MIXED
            + "--b\r\nContent-Type: multipart/mixed; boundary=c\r\n\r\n"
            + "--c\r\n\r\ninner\r\n--b\r\n\r\nouter";
    Part message = parse(text);
    assertThat(body(text, message.find(List.of(1, 1)).orElseThrow())).isEqualTo("inner");
    assertThat(body(text, message.find(List.of(2)).orElseThrow())).isEqualTo("outer");
  }

  @Test
  void headerWithoutBlankLineEndsAtTheFirstLineOfText() throws IOException {
    String text = "Subject: a\r\nno field here\r\nX: y\r\n";
    assertThat(body(text, parse(text))).isEqualTo("no field here\r\nX: y\r\n");
  }

  @Test
  void headerThatMeetsABoundaryHasAnEmptyBody() throws IOException {
    String text = MIXED + "--b\r\nContent-Type: text/html\r\n--b--\r\n";
    Part part = parse(text).find(List.of(1)).orElseThrow();
    assertThat(part.mediaType()).isEqualTo("text/html");
    assertThat(part.bodyOctets()).isZero();
    assertThat(part.bodyLines()).isZero();
  }

  @Test
  void blankLineOfABoundaryBelongsToNoMessageInside() throws IOException {
    String text = MIXED + "--b\r\nContent-Type: message/rfc822\r\n\r\n\r\n--b--\r\n";
    Part carrier = parse(text).find(List.of(1)).orElseThrow();
    assertThat(carrier.bodyOctets()).isZero();
    assertThat(carrier.children().getFirst().octets()).isZero();
  }

  @Test
  void multipartWithoutPartsHasOneOfText() throws IOException {
    String text = MIXED + "just text\r\n";
    Part message = parse(text);
    assertThat(message.isMultipart()).isTrue();
    assertThat(body(text, message.find(List.of(1)).orElseThrow())).isEqualTo("just text\r\n");
  }

  @Test
  void multipartWithoutBoundaryIsText() throws IOException {
    assertThat(parse("Content-Type: multipart/mixed\r\n\r\ntext\r\n").mediaType())
        .isEqualTo("text/plain");
  }

  @Test
  void encodedMessageIsNotLookedInto() throws IOException {
    Part part =
        parse("Content-Type: message/rfc822\r\nContent-Transfer-Encoding: base64\r\n\r\nU3Vi\r\n");
    assertThat(part.isMessage()).isFalse();
    assertThat(part.mediaType()).isEqualTo("application/octet-stream");
  }

  @Test
  void bareLineFeedsEndLinesToo() throws IOException {
    String text = (MIXED + "--b\r\n\r\none\r\n--b--\r\n").replace("\r\n", "\n");
    assertThat(body(text, parse(text).find(List.of(1)).orElseThrow())).isEqualTo("one");
  }

  @Test
  void emptyMessageIsAPart() throws IOException {
    Part message = parse("");
    assertThat(message.octets()).isZero();
    assertThat(message.envelope()).isPresent();
  }

  @Test
  void joinsAddressesOfFieldsThatComeTwice() throws IOException {
    Envelope envelope = parse("To: a@x\r\nTo: b@x\r\n\r\n").envelope().orElseThrow();
    assertThat(envelope.to()).extracting(Address::mailbox).containsExactly(opt("a"), opt("b"));
  }

  @Test
  void nestingBeyondTheLimitIsOctets() throws IOException {
    StringBuilder text = new StringBuilder();
    for (int i = 0; i < 5000; i++) {
      text.append("Content-Type: message/rfc822\r\n\r\n");
    }
    Part at = parse(text.toString());
    int depth = 1;
    while (!at.children().isEmpty()) {
      at = at.children().getFirst();
      depth++;
    }
    assertThat(depth).isEqualTo(MessageStructure.DEPTH_MAX);
    assertThat(at.mediaType()).isEqualTo("application/octet-stream");
    assertThat(at.endOffset()).isEqualTo(text.length());
  }

  @Test
  void partsBeyondTheLimitAreOne() throws IOException {
    String text = MIXED + "--b\r\n\r\nx\r\n".repeat(20_000);
    Part message = parse(text);
    assertThat(message.children()).hasSize(MessageStructure.PARTS_MAX - 1);
    Part last = message.children().getLast();
    assertThat(last.mediaType()).isEqualTo("application/octet-stream");
    assertThat(last.endOffset()).isEqualTo(text.length());
  }

  @Test
  void lineLongerThanTheWindowHidesNoBoundary() throws IOException {
    String line = "x".repeat(3 * MessageStructure.WINDOW_OCTETS + 5);
    String text = MIXED + "--b\r\n\r\n" + line + "--b\r\n--b--\r\n";
    Part part = parse(text).find(List.of(1)).orElseThrow();
    assertThat(part.bodyOctets()).isEqualTo(line.length() + 3);
  }

  @Test
  void manyFieldsOfAddressesStayWithinTheBudget() throws IOException {
    String text = "To: abcdefghij@example.test\r\n".repeat(400_000) + "\r\n";
    Envelope envelope = parse(text).envelope().orElseThrow();
    assertThat(envelope.to()).hasSize(Envelope.ADDRESSES_MAX);
  }

  @Test
  void holdsItsInvariantsOnRandomMessages() throws IOException {
    long seed = new Random().nextLong();
    Random random = new Random(seed);
    List<String> pieces =
        List.of(
            "Content-Type: multipart/mixed; boundary=b\r\n",
            "Content-Type: message/rfc822\r\n",
            "Content-Type: multipart/digest; boundary=\"bb\"\r\n",
            "--b\r\n",
            "--b--\r\n",
            "--bb\r\n",
            "--bb--",
            "\r\n",
            "\n",
            "\r",
            "text\r\n",
            " folded\r\n",
            "To: a, b@c (\r\n",
            "From: \"\\",
            "\0\u00ff",
            ":",
            ";=\"",
            "Content-Disposition: ;;=\r\n",
            "From a\r\n");
    for (int i = 0; i < 5000; i++) {
      StringBuilder text = new StringBuilder();
      int length = random.nextInt(30);
      for (int j = 0; j < length; j++) {
        text.append(pieces.get(random.nextInt(pieces.size())));
      }
      String octets = text.toString();
      Part whole = parse(octets);
      assertThat(whole.headerOffset()).isZero();
      assertThat(whole.endOffset()).isEqualTo(octets.length());
      check(octets, whole, "seed " + seed + ": " + octets);
      assertThat(MessageStructure.parse(dripping(octets, 1 + random.nextInt(5))))
          .as("seed %s: %s", seed, octets)
          .isEqualTo(whole);
    }
  }

  private static void check(String text, Part part, String about) {
    assertThat(part.headerOffset()).as(about).isLessThanOrEqualTo(part.bodyOffset());
    assertThat(part.bodyOffset()).as(about).isLessThanOrEqualTo(part.endOffset());
    assertThat(part.bodyLines())
        .as(about)
        .isEqualTo(body(text, part).chars().filter(c -> c == '\n').count());
    long at = part.bodyOffset();
    for (Part child : part.children()) {
      assertThat(child.headerOffset()).as(about).isGreaterThanOrEqualTo(at);
      assertThat(child.endOffset()).as(about).isLessThanOrEqualTo(part.endOffset());
      check(text, child, about);
      at = child.endOffset();
    }
  }

  private static Optional<String> opt(String text) {
    return Optional.of(text);
  }

  private static String lines(String... lines) {
    return String.join("\r\n", lines) + "\r\n";
  }

  private static Part parse(String text) throws IOException {
    return MessageStructure.parse(new ByteArrayInputStream(text.getBytes(ISO_8859_1)));
  }

  private static String header(String text, Part part) {
    return text.substring((int) part.headerOffset(), (int) part.bodyOffset());
  }

  private static String body(String text, Part part) {
    return text.substring((int) part.bodyOffset(), (int) part.endOffset());
  }

  /** Gives a few octets at a time. */
  private static InputStream dripping(String text, int octetsMax) {
    InputStream octets = new ByteArrayInputStream(text.getBytes(ISO_8859_1));
    return new InputStream() {
      @Override
      public int read() throws IOException {
        return octets.read();
      }

      @Override
      public int read(byte[] into, int offset, int length) throws IOException {
        return octets.read(into, offset, Math.min(length, octetsMax));
      }
    };
  }
}
