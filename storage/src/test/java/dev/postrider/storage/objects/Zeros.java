package dev.postrider.storage.objects;

import dev.postrider.storage.messages.MessageSource;
import java.io.InputStream;
import java.util.Arrays;

/**
 * A body that nobody has in memory.
 *
 * @param octets that it says it has
 * @param truth octets that it has
 */
record Zeros(long octets, long truth) implements MessageSource {

  Zeros(long octets) {
    this(octets, octets);
  }

  @Override
  public InputStream open() {
    return new InputStream() {
      private long left = truth;

      @Override
      public int read() {
        return left-- > 0 ? 0 : -1;
      }

      @Override
      public int read(byte[] bytes, int offset, int length) {
        if (left <= 0) {
          return -1;
        }
        int count = (int) Math.min(left, length);
        Arrays.fill(bytes, offset, offset + count, (byte) 0);
        left -= count;
        return count;
      }
    };
  }
}
