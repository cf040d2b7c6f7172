package dev.postrider.protocol.message;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.InputStream;
import java.lang.management.ManagementFactory;
import java.util.List;
import java.util.function.IntFunction;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/**
 * Messages that were made to hurt. Whatever they are they are described, in time that grows with
 * their octets and in bounded memory, and what is stored of them is bounded. The long form is
 * {@code -Dpostrider.hostile.octets=100000000}.
 */
@Timeout(300)
class HostileMessageTest {

  private static final int OCTETS = Integer.getInteger("postrider.hostile.octets", 10_000_000);

  private static final String MIXED = "Content-Type: multipart/mixed; boundary=b\r\n\r\n";

  /** A message that is made while it is read. */
  private static final class Made extends InputStream {
    private final IntFunction<String> pieces;
    private final long octets;
    private byte[] piece;
    private int at;
    private int number;
    private long made;

    Made(String head, long octets, IntFunction<String> pieces) {
      this.pieces = pieces;
      this.octets = octets;
      this.piece = head.getBytes(ISO_8859_1);
      this.made = piece.length;
    }

    @Override
    public int read() {
      byte[] one = new byte[1];
      return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
    }

    @Override
    public int read(byte[] into, int offset, int length) {
      if (at == piece.length && made < octets) {
        piece = pieces.apply(number).getBytes(ISO_8859_1);
        made += piece.length;
        number++;
        at = 0;
      }
      int count = Math.min(length, piece.length - at);
      System.arraycopy(piece, at, into, offset, count);
      at += count;
      return count == 0 ? -1 : count;
    }
  }

  private static MessageDescription describe(String head, IntFunction<String> pieces)
      throws IOException {
    return describe(new Made(head, OCTETS, pieces));
  }

  private static MessageDescription describe(InputStream in) throws IOException {
    MessageDescription description = MessageDescription.of(in);
    byte[] stored = DescriptionCodec.encode(description);
    assertThat(stored.length).isLessThanOrEqualTo(DescriptionCodec.OCTETS_MAX);
    assertThat(DescriptionCodec.decode(stored)).isEqualTo(description);
    return description;
  }

  private static int parts(Part part) {
    return 1 + part.children().stream().mapToInt(HostileMessageTest::parts).sum();
  }

  private static int depth(Part part) {
    return 1 + part.children().stream().mapToInt(HostileMessageTest::depth).max().orElse(0);
  }

  @Test
  void manyPartsAreBounded() throws IOException {
    String body = "x".repeat(OCTETS / 10_000 - 40) + "\r\n";
    MessageDescription description =
        describe(MIXED, i -> "--b\r\nContent-Type: a/p" + i + "\r\n\r\n" + body);
    assertThat(description.structure().children())
        .hasSizeBetween(9_900, MessageStructure.PARTS_MAX);
    assertThat(description.structure().endOffset()).isGreaterThanOrEqualTo(OCTETS);
  }

  @Test
  void partsOfNothingAreBounded() throws IOException {
    MessageDescription description = describe(MIXED, i -> "--b\n\n\n");
    assertThat(parts(description.structure())).isEqualTo(MessageStructure.PARTS_MAX);
    Part last = description.structure().children().getLast();
    assertThat(last.mediaType()).isEqualTo("application/octet-stream");
    assertThat(last.endOffset()).isEqualTo(description.structure().endOffset());
  }

  @Test
  void thousandLevelsAreBounded() throws IOException {
    String filling = "x".repeat(OCTETS / 1000 - 60) + "\r\n";
    MessageDescription description =
        describe(
            "Content-Type: multipart/mixed; boundary=b0\r\n\r\n",
            i ->
                "--b%d\r\nContent-Type: multipart/mixed; boundary=b%d\r\n\r\n".formatted(i, i + 1)
                    + filling);
    assertThat(depth(description.structure()))
        .isBetween(MessageStructure.DEPTH_MAX, MessageStructure.DEPTH_MAX + 1);
  }

  @Test
  void messagesInMessagesAreBounded() throws IOException {
    MessageDescription description =
        describe("", i -> "Subject: " + i + "\r\nContent-Type: message/rfc822\r\n\r\n");
    assertThat(depth(description.structure())).isEqualTo(MessageStructure.DEPTH_MAX);
  }

  /** Each line is held against each boundary that is open. */
  @Test
  void linesLikeBoundariesInAHundredLevelsTakeTimeThatGrowsWithThem() throws IOException {
    StringBuilder head =
        new StringBuilder("Content-Type: multipart/mixed; boundary=x000000\r\n\r\n");
    for (int i = 1; i < MessageStructure.DEPTH_MAX; i++) {
      head.append(
          "--x%06d\r\nContent-Type: multipart/mixed; boundary=x%06d\r\n\r\n".formatted(i - 1, i));
    }
    String lines = "--x999999\r\n".repeat(1000);
    MessageDescription description = describe(head.toString(), i -> lines);
    assertThat(depth(description.structure())).isGreaterThanOrEqualTo(MessageStructure.DEPTH_MAX);
  }

  @Test
  void headerOfTenMegabytesIsBounded() throws IOException {
    String line = " y".repeat(480) + "\r\n";
    MessageDescription description = describe("Subject: long\r\n", i -> line);
    assertThat(description.headerOctets()).isGreaterThanOrEqualTo(OCTETS);
    assertThat(description.envelope().subject().orElseThrow().length())
        .isLessThanOrEqualTo(HeaderBuilder.FIELD_OCTETS_MAX);
  }

  @Test
  void manyFieldsAreBounded() throws IOException {
    MessageDescription description = describe("", i -> "X" + i % 7 + ":\r\nSubject: " + i + "\r\n");
    assertThat(description.headerOctets()).isGreaterThanOrEqualTo(OCTETS);
    assertThat(description.envelope().subject()).contains("0");
  }

  @Test
  void hundredThousandAddressesAreBounded() throws IOException {
    for (String field : List.of("To: a@b\r\n", "To: a,\r\n", "Cc:\r\n", "Bcc: g:;\r\n")) {
      MessageDescription description = describe("From: a@b\r\n", i -> field);
      Envelope envelope = description.envelope();
      int addresses = envelope.to().size() + envelope.cc().size() + envelope.bcc().size();
      assertThat(addresses).as(field).isLessThan(Envelope.ADDRESSES_MAX);
      assertThat(envelope.from()).hasSize(1);
    }
    StringBuilder list = new StringBuilder("From: a@b\r\nTo: x");
    for (int i = 0; i < 100_000; i++) {
      list.append(",\r\n a").append(i).append("@b");
    }
    assertThat(describe(new Made(list + "\r\n\r\n", 0, i -> "")).envelope().to())
        .hasSize(Envelope.ADDRESSES_MAX - 1);
  }

  @Test
  void addressesInAllMessagesInsideAreBounded() throws IOException {
    String field = "To: " + "a,".repeat(400) + "\r\n";
    String message = "--b\r\n\r\n" + field.repeat(10) + "\r\n";
    MessageDescription description =
        describe("Content-Type: multipart/digest; boundary=b\r\n\r\n", i -> message);
    assertThat(DescriptionCodec.encode(description).length).isGreaterThan(200_000);
  }

  @Test
  void continuationsOfParametersAreBounded() throws IOException {
    MessageDescription description =
        describe("Content-Type: text/plain", i -> ";\r\n name*" + i + "*=%41");
    List<Parameter> parameters = description.structure().parameters();
    assertThat(parameters).hasSize(StructuredField.PARAMETERS_MAX);
    assertThat(HeaderText.parameter(parameters, "name")).contains("A".repeat(100));
    assertThat(description.hasAttachment()).isTrue();
  }

  @Test
  void referencesAreBounded() throws IOException {
    StringBuilder field = new StringBuilder("References:");
    for (int i = 0; i < 1000; i++) {
      field.append("\r\n <").append(i).append("@a>");
    }
    List<String> references = describe(new Made(field + "\r\n\r\n", 0, i -> "")).references();
    assertThat(references).hasSize(MessageDescription.REFERENCES_MAX).startsWith("<0@a>");
    assertThat(references.getLast()).isEqualTo("<999@a>");
    describe("References: ", i -> "<<<<@<>".repeat(10));
    describe("References: ", i -> "<".repeat(100));
  }

  @Test
  void nulsAndOneEndlessLineAreBounded() throws IOException {
    String nuls = "\0".repeat(1000);
    assertThat(describe("", i -> nuls).preview()).isEmpty();
    assertThat(describe("A: b\r\n\r\n", i -> nuls).preview()).isEmpty();
    assertThat(describe("Subject: ", i -> nuls).structure().endOffset())
        .isGreaterThanOrEqualTo(OCTETS);
    assertThat(describe("A: b\r\n\r\n", i -> "0123456789").preview())
        .hasSize(PreviewText.CHARS_MAX);
  }

  @Test
  void previewOfTagsThatNeverCloseTakesTimeThatGrowsWithThem() throws IOException {
    for (String piece : List.of("<", "<style><", "<!--", "&", "&#", "<a href='", "<head><head ")) {
      MessageDescription description =
          describe("Content-Type: text/html\r\n\r\n", i -> piece.repeat(100));
      assertThat(description.preview().codePoints().count())
          .as(piece)
          .isLessThanOrEqualTo(PreviewText.CHARS_MAX);
    }
  }

  @Test
  void blankTextPartsAreLookedIntoUpToANumber() throws IOException {
    MessageDescription description =
        describe(MIXED, i -> "--b\r\n\r\n" + " ".repeat(5000) + "\r\n");
    assertThat(description.preview()).isEmpty();
  }

  /** All that is allocated, collected or not: no more than some octets for each of the message. */
  @Test
  void memoryDoesNotGrowWithTheMessage() throws IOException {
    String line = "x".repeat(998) + "\r\n";
    long small = allocated(OCTETS / 10, line);
    long large = allocated(OCTETS, line);
    // The pieces themselves are made, in Latin-1 and in octets.
    assertThat(large - small).isLessThan(3L * OCTETS);
  }

  private static long allocated(int octets, String line) throws IOException {
    var threads = (com.sun.management.ThreadMXBean) ManagementFactory.getThreadMXBean();
    long before = threads.getCurrentThreadAllocatedBytes();
    assertThat(MessageDescription.of(new Made("A: b\r\n\r\n", octets, i -> line)).preview())
        .isNotEmpty();
    return threads.getCurrentThreadAllocatedBytes() - before;
  }
}
