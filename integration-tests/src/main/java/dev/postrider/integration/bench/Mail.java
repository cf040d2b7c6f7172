package dev.postrider.integration.bench;

import static java.nio.charset.StandardCharsets.US_ASCII;

import dev.postrider.storage.messages.MessageSource;
import java.io.ByteArrayInputStream;
import java.io.InputStream;
import java.io.SequenceInputStream;
import java.util.Random;

/**
 * Messages of one size, each with other text, made without a copy: what is measured is the store.
 */
final class Mail {

  private static final byte[] HEAD =
      """
      From: Load <load@example.test>
      To: Bench <bench@bench.test>
      Subject: what is stored
      Date: Mon, 23 Nov 2026 10:00:00 +0000
      Message-ID: <load@example.test>

      """
          .replace("\n", "\r\n")
          .getBytes(US_ASCII);

  private static final int LINE_OCTETS = 78;

  private final int octets;
  private final Random random;
  private final byte[] text;

  /** {@code octets} of a message, at least 300. */
  Mail(int octets, long seed) {
    this.octets = octets;
    this.random = new Random(seed);
    this.text = new byte[2 * octets];
    for (int i = 0; i < text.length; i++) {
      int inLine = i % LINE_OCTETS;
      text[i] =
          (byte)
              (inLine < LINE_OCTETS - 2 ? 'A' + random.nextInt(26) : inLine % 2 == 0 ? '\r' : '\n');
    }
  }

  int octets() {
    return octets;
  }

  MessageSource next() {
    int length = octets - HEAD.length;
    // From the start of a line, so that no line is too long and no CR alone.
    int from = random.nextInt(octets / LINE_OCTETS) * LINE_OCTETS;
    return new MessageSource() {
      @Override
      public long octets() {
        return octets;
      }

      @Override
      public InputStream open() {
        return new SequenceInputStream(
            new ByteArrayInputStream(HEAD), new ByteArrayInputStream(text, from, length));
      }
    };
  }
}
