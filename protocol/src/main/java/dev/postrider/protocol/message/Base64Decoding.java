package dev.postrider.protocol.message;

import java.io.IOException;
import java.io.InputStream;
import java.util.Arrays;

/**
 * RFC 2045 section 6.8. What is not of the alphabet is passed over. The padding ends the data: what
 * stands behind it, such as the footer of a mailing list, is none. Data that are cut off give as
 * many octets as they have bits for.
 */
final class Base64Decoding extends DecodingInput {

  private static final String ALPHABET =
      "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";

  /** By octet; -1 for what is not of the alphabet. */
  private static final byte[] VALUES = values();

  private int bits;
  private int digits;
  private boolean ended;

  Base64Decoding(InputStream in) {
    super(in, 3);
  }

  private static byte[] values() {
    byte[] values = new byte[256];
    Arrays.fill(values, (byte) -1);
    for (int i = 0; i < ALPHABET.length(); i++) {
      values[ALPHABET.charAt(i)] = (byte) i;
    }
    return values;
  }

  @Override
  boolean step() throws IOException {
    int octet = ended ? -1 : peek(0);
    if (octet < 0) {
      ended = true;
      return putRest();
    }
    skip(1);
    if (octet == '=' && digits >= 2) {
      ended = true;
    } else if (VALUES[octet] >= 0) {
      bits = bits << 6 | VALUES[octet];
      digits++;
      if (digits == 4) {
        put(bits >> 16);
        put(bits >> 8);
        put(bits);
        digits = 0;
      }
    }
    return true;
  }

  /** Whether there was something left. */
  private boolean putRest() {
    int left = digits;
    digits = 0;
    if (left == 3) {
      put(bits >> 10);
    }
    if (left >= 2) {
      put(left == 3 ? bits >> 2 : bits >> 4);
    }
    return left >= 2;
  }
}
