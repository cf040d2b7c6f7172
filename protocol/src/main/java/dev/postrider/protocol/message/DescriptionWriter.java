package dev.postrider.protocol.message;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/** The primitive values of {@link DescriptionCodec}. */
final class DescriptionWriter {

  private byte[] out = new byte[512];
  private int size;

  void octet(int value) {
    room(1);
    out[size] = (byte) value;
    size++;
  }

  /** LEB128. */
  void number(long value) {
    if (value < 0) {
      throw new IllegalArgumentException("negative: " + value);
    }
    leb(value);
  }

  /** Zigzag LEB128. */
  void signed(long value) {
    leb((value << 1) ^ (value >> 63));
  }

  private void leb(long value) {
    long left = value;
    while ((left & ~0x7FL) != 0) {
      octet((int) (left & 0x7F) | 0x80);
      left >>>= 7;
    }
    octet((int) left);
  }

  /** An octet string. */
  void octets(String value) {
    number(value.length());
    raw(value.getBytes(StandardCharsets.ISO_8859_1));
  }

  /** An octet string that may be one of {@link DescriptionWords}. */
  void word(String value) {
    int known = DescriptionWords.number(value);
    if (known >= 0) {
      number(known * 2L);
    } else {
      number(value.length() * 2L + 1);
      raw(value.getBytes(StandardCharsets.ISO_8859_1));
    }
  }

  /** Text, in UTF-8. */
  void text(String value) {
    byte[] bytes = value.getBytes(StandardCharsets.UTF_8);
    number(bytes.length);
    raw(bytes);
  }

  private void raw(byte[] bytes) {
    room(bytes.length);
    System.arraycopy(bytes, 0, out, size, bytes.length);
    size += bytes.length;
  }

  private void room(int octets) {
    if (size + octets > out.length) {
      out = Arrays.copyOf(out, Math.max(size + octets, out.length * 2));
    }
  }

  byte[] toByteArray() {
    return Arrays.copyOf(out, size);
  }
}
