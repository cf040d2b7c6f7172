package dev.postrider.protocol.message;

import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;

/** Reads what {@link DescriptionWriter} writes, and believes no length that is not covered. */
final class DescriptionReader {

  private final ByteBuffer in;

  DescriptionReader(ByteBuffer in) {
    this.in = in;
  }

  boolean atEnd() {
    return !in.hasRemaining();
  }

  int octet() throws MalformedDescriptionException {
    if (!in.hasRemaining()) {
      throw new MalformedDescriptionException("ends too early");
    }
    return in.get() & 0xFF;
  }

  long number() throws MalformedDescriptionException {
    long value = leb();
    if (value < 0) {
      throw new MalformedDescriptionException("number too large");
    }
    return value;
  }

  long signed() throws MalformedDescriptionException {
    long zigzag = leb();
    return (zigzag >>> 1) ^ -(zigzag & 1);
  }

  private long leb() throws MalformedDescriptionException {
    long value = 0;
    for (int shift = 0; shift < 64; shift += 7) {
      int octet = octet();
      value |= (octet & 0x7FL) << shift;
      if ((octet & 0x80) == 0) {
        return value;
      }
    }
    throw new MalformedDescriptionException("number too long");
  }

  /** An offset in a message. */
  long sum(long offset, long more) throws MalformedDescriptionException {
    long sum = offset + more;
    boolean overflow = more > 0 && sum < offset;
    if (overflow || sum < 0) {
      throw new MalformedDescriptionException("offset out of range");
    }
    return sum;
  }

  /** How many things follow; each takes at least one octet. */
  int count() throws MalformedDescriptionException {
    return covered(number());
  }

  private int covered(long count) throws MalformedDescriptionException {
    if (count > in.remaining()) {
      throw new MalformedDescriptionException("count beyond the end: " + count);
    }
    return (int) count;
  }

  String octets() throws MalformedDescriptionException {
    return octets(count());
  }

  private String octets(int length) {
    String value =
        new String(
            in.array(), in.arrayOffset() + in.position(), length, StandardCharsets.ISO_8859_1);
    in.position(in.position() + length);
    return value;
  }

  String word() throws MalformedDescriptionException {
    long number = number();
    if ((number & 1) == 1) {
      return octets(covered(number >>> 1));
    }
    if (number >>> 1 >= DescriptionWords.WORDS.size()) {
      throw new MalformedDescriptionException("no such word");
    }
    return DescriptionWords.WORDS.get((int) (number >>> 1));
  }

  String text() throws MalformedDescriptionException {
    int length = count();
    try {
      String value =
          StandardCharsets.UTF_8.newDecoder().decode(in.slice(in.position(), length)).toString();
      in.position(in.position() + length);
      return value;
    } catch (CharacterCodingException e) {
      throw new MalformedDescriptionException("text is not UTF-8");
    }
  }
}
