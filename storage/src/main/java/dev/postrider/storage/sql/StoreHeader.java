package dev.postrider.storage.sql;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.OptionalLong;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.h2.mvstore.DataUtils;

/**
 * What H2 2.4.240 has in the first two blocks of its file: in each a line of {@code key:value}
 * pairs, numbers in hexadecimal, the last of them a checksum of what is before it.
 */
final class StoreHeader {

  static final int BLOCK_OCTETS = 4096;

  /** At the end of each chunk. */
  static final int FOOTER_OCTETS = 128;

  private static final Pattern LINE =
      Pattern.compile("(.*),fletcher:([0-9a-f]{1,8})\n.*", Pattern.DOTALL);
  private static final Pattern VERSION = Pattern.compile("(?:^|,)version:([0-9a-f]{1,15})(?:,|$)");
  private static final Pattern CLEAN = Pattern.compile(",clean:1,");

  private StoreHeader() {}

  /**
   * The block with the newest header; the second of two that are the same, or when there is none.
   */
  static int newest(FileChannel file) throws IOException {
    OptionalLong first = version(block(file, 0));
    OptionalLong second = version(block(file, 1));
    if (first.isEmpty() || second.isEmpty()) {
      return first.isPresent() ? 0 : 1;
    }
    return first.getAsLong() > second.getAsLong() ? 0 : 1;
  }

  /**
   * Whether the header that begins at the position of {@code bytes} is the one of a clean close.
   */
  static boolean saysClean(ByteBuffer bytes) {
    byte[] block = new byte[BLOCK_OCTETS];
    bytes.get(bytes.position(), block);
    return CLEAN.matcher(new String(block, StandardCharsets.ISO_8859_1)).find();
  }

  /** The version that a header names, 0 before the first chunk; empty when it is not right. */
  static OptionalLong version(byte[] block) {
    Matcher line = LINE.matcher(new String(block, StandardCharsets.ISO_8859_1));
    if (!line.matches()) {
      return OptionalLong.empty();
    }
    byte[] checked = line.group(1).getBytes(StandardCharsets.ISO_8859_1);
    if (DataUtils.getFletcher32(checked, 0, checked.length)
        != Integer.parseUnsignedInt(line.group(2), 16)) {
      return OptionalLong.empty();
    }
    Matcher version = VERSION.matcher(line.group(1));
    return OptionalLong.of(version.find() ? Long.parseLong(version.group(1), 16) : 0);
  }

  private static byte[] block(FileChannel file, int number) throws IOException {
    ByteBuffer bytes = ByteBuffer.allocate(BLOCK_OCTETS);
    long start = (long) number * BLOCK_OCTETS;
    int count = 0;
    while (count >= 0 && bytes.hasRemaining()) {
      count = file.read(bytes, start + bytes.position());
    }
    return Arrays.copyOf(bytes.array(), bytes.position());
  }
}
