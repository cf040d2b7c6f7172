package dev.postrider.storage.messages;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.IdentityHashMap;
import java.util.function.BooleanSupplier;
import java.util.zip.CRC32C;

/**
 * Writes a {@link Shelf}: the header, then blocks, then a block of length 0.
 *
 * <p>A block is its length, four octets; the CRC-32C of the header, of all blocks before it, and of
 * itself, length and all; and messages one after the other. Of a message these numbers follow, as
 * LEB128, the differences to the message before with the sign in the lowest bit: UID (difference,
 * always positive), MODSEQ (difference), flags, octets, internal date in seconds (difference), body
 * (difference). Flags are the number of their set; one more than the highest stands for a new one,
 * which follows: bits, how many keywords, of each its length and octets.
 *
 * <p>Mail that comes in order takes about ten octets a message so. Thread: one.
 */
final class ShelfWriter {

  /** Of one message, without a new set of flags. */
  private static final int MESSAGE_OCTETS_MAX = 60;

  /** Longer than a number. */
  private static final int NUMBER_OCTETS_MAX = 10;

  private final Shelf shelf;
  private final FileChannel out;
  private final CRC32C crc = new CRC32C();
  private final IdentityHashMap<Flags, Integer> numbers = new IdentityHashMap<>();
  private byte[] block = new byte[Shelf.BLOCK_OCTETS + Shelf.BLOCK_OCTETS / 4];
  private int size;

  private ShelfWriter(Shelf shelf, FileChannel out) {
    this.shelf = shelf;
    this.out = out;
  }

  /**
   * Writes all of it; returns false when it did not come to the end.
   *
   * @param givesUp is asked before each block
   */
  static boolean write(Shelf shelf, FileChannel out, BooleanSupplier givesUp) throws IOException {
    return new ShelfWriter(shelf, out).write(givesUp);
  }

  private boolean write(BooleanSupplier givesUp) throws IOException {
    ByteBuffer header = shelf.header();
    crc.update(header.duplicate());
    put(header);
    MessageColumns columns = shelf.columns();
    for (int i = 0; i < columns.size(); i++) {
      message(columns, i);
      if (size >= Shelf.BLOCK_OCTETS) {
        if (givesUp.getAsBoolean()) {
          return false;
        }
        endBlock();
      }
    }
    if (size > 0) {
      endBlock();
    }
    endBlock();
    return true;
  }

  private void message(MessageColumns columns, int index) {
    int before = index - 1;
    boolean first = index == 0;
    room(MESSAGE_OCTETS_MAX);
    number(columns.uid(index) - (first ? 0 : columns.uid(before)));
    difference(columns.modSeq(index), first ? 0 : columns.modSeq(before));
    flags(columns.flags(index));
    number(columns.octets(index));
    difference(columns.date(index), first ? 0 : columns.date(before));
    difference(columns.body(index), first ? 0 : columns.body(before));
  }

  private void flags(Flags flags) {
    Integer number = numbers.get(flags);
    if (number == null) {
      define(flags);
    } else {
      number(number);
    }
  }

  private void define(Flags flags) {
    number(numbers.size());
    if (numbers.size() == Shelf.NUMBERED_FLAGS_MAX) {
      numbers.clear();
    }
    numbers.put(flags, numbers.size());
    number(flags.system());
    number(flags.keywords().size());
    for (String keyword : flags.keywords()) {
      byte[] octets = keyword.getBytes(StandardCharsets.UTF_8);
      room(NUMBER_OCTETS_MAX + octets.length);
      number(octets.length);
      System.arraycopy(octets, 0, block, size, octets.length);
      size += octets.length;
    }
    room(MESSAGE_OCTETS_MAX);
  }

  private void room(int octets) {
    if (block.length - size < octets) {
      block = Arrays.copyOf(block, Math.max(2 * block.length, size + octets));
    }
  }

  private void difference(long value, long before) {
    long difference = value - before;
    number((difference << 1) ^ (difference >> 63));
  }

  private void number(long value) {
    long rest = value;
    while ((rest & ~0x7FL) != 0) {
      block[size++] = (byte) (rest | 0x80);
      rest >>>= 7;
    }
    block[size++] = (byte) rest;
  }

  private void endBlock() throws IOException {
    ByteBuffer head = ByteBuffer.allocate(8).putInt(size);
    crc.update(head.duplicate().flip());
    crc.update(block, 0, size);
    put(head.putInt((int) crc.getValue()).flip());
    put(ByteBuffer.wrap(block, 0, size));
    size = 0;
  }

  private void put(ByteBuffer bytes) throws IOException {
    while (bytes.hasRemaining()) {
      out.write(bytes);
    }
  }
}
