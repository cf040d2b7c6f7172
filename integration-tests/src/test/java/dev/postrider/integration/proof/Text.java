package dev.postrider.integration.proof;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import java.util.Arrays;
import java.util.Optional;
import java.util.Random;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Messages that are made from their number, so that every octet of them is known. */
final class Text {

  private static final Pattern NUMBER = Pattern.compile("(?m)^X-Number: (\\d+)\r\n");

  private static final Pattern TRANSACTION =
      Pattern.compile("(?s)^Received:.*?\\sid\\s+([0-9a-zA-Z.-]+)", Pattern.MULTILINE);

  /** One in so many is too large for the memory of a spool. */
  private static final int LARGE_ONE_IN = 60;

  private static final int LARGE_OCTETS = 300_000;
  private static final int SMALL_OCTETS = 6_000;

  private Text() {}

  static byte[] of(long number) {
    Random random = new Random(number * 2_654_435_761L);
    int octets =
        random.nextInt(LARGE_ONE_IN) == 0 ? LARGE_OCTETS : 1 + random.nextInt(SMALL_OCTETS);
    StringBuilder text = new StringBuilder(octets + 400);
    text.append("X-Number: ").append(number).append("\r\n");
    text.append("From: a@a.test\r\nTo: b@b.test\r\nDate: Mon, 23 Nov 2026 10:00:00 +0000\r\n");
    text.append("Message-ID: <").append(number).append("@kill.test>\r\n");
    text.append("Subject: number ").append(number).append("\r\n\r\n");
    while (text.length() < octets) {
      int column = random.nextInt(78);
      text.append(random.nextInt(10) == 0 ? "." : "");
      for (int i = 0; i < column; i++) {
        text.append((char) (' ' + random.nextInt(95)));
      }
      text.append("\r\n");
    }
    return text.toString().getBytes(ISO_8859_1);
  }

  /** The number of a message, or of header fields of it. */
  static Optional<Long> number(byte[] stored) {
    Matcher found = NUMBER.matcher(head(stored));
    return found.find() ? Optional.of(Long.valueOf(found.group(1))) : Optional.empty();
  }

  /** Whether the message ends, below the fields that servers put on top, in the one it was. */
  static boolean isWhole(byte[] stored) {
    Matcher found = NUMBER.matcher(head(stored));
    return found.find()
        && Arrays.equals(
            Arrays.copyOfRange(stored, found.start(), stored.length),
            of(Long.parseLong(found.group(1))));
  }

  /** The {@code id} of the topmost Received field: the transaction at the last server. */
  static Optional<String> transaction(byte[] stored) {
    Matcher found = TRANSACTION.matcher(head(stored));
    return found.find() ? Optional.of(found.group(1)) : Optional.empty();
  }

  private static String head(byte[] stored) {
    return new String(stored, 0, Math.min(stored.length, 4000), ISO_8859_1);
  }
}
