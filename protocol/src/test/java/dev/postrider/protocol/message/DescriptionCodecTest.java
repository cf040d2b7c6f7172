package dev.postrider.protocol.message;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.postrider.testkit.mail.MessageGenerator;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.util.Arrays;
import java.util.HashSet;
import java.util.Random;
import org.junit.jupiter.api.Test;

/** What is stored of a message is what was found in it, and nothing else is taken for it. */
class DescriptionCodecTest {

  private static final String TYPICAL =
      """
      Return-Path: <anna@sender.example>
      Received: from mx.sender.example (mx.sender.example [192.0.2.1]) by mx.example.test\
       with ESMTPS id 4711; Mon, 23 Nov 2026 10:00:00 +0000
      From: "Anna Example" <anna@sender.example>
      To: Bob Miller <bob@example.test>
      Cc: carol@example.test
      Subject: Re: Minutes of the meeting on Thursday
      Date: Mon, 23 Nov 2026 09:59:58 +0100
      Message-ID: <CAF=1x7dQ0rZ8aKkzv1n@mail.sender.example>
      In-Reply-To: <20261122190000.GA1234@example.test>
      References: <20261122190000.GA1234@example.test>
      MIME-Version: 1.0
      Content-Type: multipart/alternative; boundary="000000000000a1b2c3d4e5f6"

      --000000000000a1b2c3d4e5f6
      Content-Type: text/plain; charset="UTF-8"
      Content-Transfer-Encoding: quoted-printable

      %s
      --000000000000a1b2c3d4e5f6
      Content-Type: text/html; charset="UTF-8"
      Content-Transfer-Encoding: quoted-printable

      <p>%s</p>
      --000000000000a1b2c3d4e5f6--
      """
          .formatted("Dear Bob, here they are. ".repeat(140), "Dear Bob. ".repeat(350))
          .replace("\n", "\r\n");

  static MessageDescription describe(byte[] message) throws IOException {
    return MessageDescription.of(new ByteArrayInputStream(message));
  }

  @Test
  void everyGeneratedMessageComesBackAsItWas() throws IOException {
    long seed = new Random().nextLong();
    MessageGenerator generator = new MessageGenerator(seed);
    for (int i = 0; i < 400; i++) {
      byte[] message = generator.message(i);
      MessageDescription description = describe(message);
      assertThat(DescriptionCodec.decode(DescriptionCodec.encode(description)))
          .as("seed %s message %s", seed, i)
          .isEqualTo(description)
          .isEqualTo(describe(message));
    }
  }

  @Test
  void typicalMessageTakesLessThanATenthOfItsOctets() throws IOException {
    byte[] message = TYPICAL.getBytes(US_ASCII);
    assertThat(message.length).isBetween(7_500, 8_700);
    MessageDescription description = describe(message);
    assertThat(description.structure().children()).hasSize(2);
    assertThat(DescriptionCodec.encode(description).length).isLessThan(message.length / 10);
  }

  @Test
  void everyCutIsRefused() throws IOException {
    byte[] octets = DescriptionCodec.encode(describe(TYPICAL.getBytes(US_ASCII)));
    for (int i = 0; i < octets.length; i++) {
      byte[] cut = Arrays.copyOf(octets, i);
      assertThatThrownBy(() -> DescriptionCodec.decode(cut))
          .isInstanceOf(MalformedDescriptionException.class);
      // The checksum right, as nothing but a defect or an enemy could make it.
      byte[] sealed =
          DescriptionCodec.sealed(Arrays.copyOf(octets, Math.min(i, octets.length - 5)));
      assertThatThrownBy(() -> DescriptionCodec.decode(sealed))
          .isInstanceOf(MalformedDescriptionException.class);
    }
  }

  @Test
  void everyFlippedBitIsRefused() throws IOException {
    byte[] octets = DescriptionCodec.encode(describe(TYPICAL.getBytes(US_ASCII)));
    for (int i = 0; i < octets.length * 8; i++) {
      byte[] flipped = octets.clone();
      flipped[i / 8] ^= (byte) (1 << (i % 8));
      assertThatThrownBy(() -> DescriptionCodec.decode(flipped))
          .isInstanceOf(MalformedDescriptionException.class);
    }
  }

  @Test
  void anyOctetsWithTheRightChecksumAreReadOrRefused() throws IOException {
    long seed = new Random().nextLong();
    Random random = new Random(seed);
    byte[] right = DescriptionCodec.encode(describe(TYPICAL.getBytes(US_ASCII)));
    byte[] content = Arrays.copyOf(right, right.length - 4);
    int read = 0;
    for (int i = 0; i < 20_000; i++) {
      byte[] changed = content.clone();
      for (int j = random.nextInt(4); j >= 0; j--) {
        changed[1 + random.nextInt(changed.length - 1)] = (byte) random.nextInt();
      }
      try {
        MessageDescription description = DescriptionCodec.decode(DescriptionCodec.sealed(changed));
        assertThat(description.structure().endOffset())
            .as("seed %s", seed)
            .isGreaterThanOrEqualTo(description.structure().bodyOffset());
        read++;
      } catch (MalformedDescriptionException refused) {
        assertThat(refused).hasMessageNotContaining("null");
      }
    }
    assertThat(read).isPositive();
  }

  @Test
  void nestingThatIsClaimedIsBounded() {
    byte[] deep = new byte[500_000];
    deep[0] = DescriptionCodec.VERSION;
    // No references, no preview; then parts with one child each and nothing else.
    byte[] part = new byte[11];
    part[10] = 1;
    for (int at = 3; at + part.length < deep.length; at += part.length) {
      System.arraycopy(part, 0, deep, at, 11);
    }
    assertThatThrownBy(() -> DescriptionCodec.decode(DescriptionCodec.sealed(deep)))
        .isInstanceOf(MalformedDescriptionException.class);
  }

  @Test
  void anotherVersionIsRefused() throws IOException {
    byte[] right = DescriptionCodec.encode(describe("A: b\r\n\r\n".getBytes(US_ASCII)));
    byte[] content = Arrays.copyOf(right, right.length - 4);
    content[0]++;
    assertThatThrownBy(() -> DescriptionCodec.decode(DescriptionCodec.sealed(content)))
        .hasMessageContaining("version");
  }

  @Test
  void keepsOctetsThatAreNoText() throws IOException {
    byte[] message = "Subject: \0\u00ff\u0080 x\r\nTo: \u00fc@b\r\n\r\n".getBytes(ISO_8859_1);
    MessageDescription read = DescriptionCodec.decode(DescriptionCodec.encode(describe(message)));
    assertThat(read.envelope().subject()).contains("\0\u00ff\u0080 x");
    assertThat(read.envelope().to().getFirst().mailbox()).contains("\u00fc");
  }

  @Test
  void commonWordsTakeOneOctetEach() {
    assertThat(DescriptionWords.WORDS).hasSizeLessThanOrEqualTo(64);
    assertThat(new HashSet<>(DescriptionWords.WORDS)).hasSameSizeAs(DescriptionWords.WORDS);
  }
}
