package dev.postrider.storage.log;

import dev.postrider.storage.changes.BodyLocation;
import dev.postrider.storage.messages.CorruptBodyException;
import java.io.IOException;
import java.nio.ByteBuffer;

/**
 * The payload of a packed body: zstd (RFC 8878), block by block, so that a part of a large message
 * is read without the rest. All big-endian.
 *
 * <pre>
 *  0  format version
 *  4  CRC-32C of the message
 *  8  octets of the message
 * 16  octets of a block; the last one has the rest
 * 20  for each block how many octets it takes here; as many as it has: it is as it was
 *     the blocks
 * </pre>
 *
 * <p>Nothing of this is believed: what does not fit the row of the body, or each other, is damage.
 *
 * @param octets of the message
 * @param crc CRC-32C of the message
 * @param blockOctets of every block but the last
 * @param taken octets of each block in the payload
 */
@SuppressWarnings("ArrayRecordComponent") // nobody compares or changes it
record Packing(long octets, int crc, int blockOctets, int[] taken) {

  /** What is packed at a time. */
  static final int BLOCK_OCTETS = 128 * 1024;

  static final int HEAD_OCTETS = 20;

  private static final int VERSION = 1;

  /** A reader holds two of them. */
  private static final int BLOCK_OCTETS_MAX = 1024 * 1024;

  /** What stands before the blocks. */
  byte[] head() {
    ByteBuffer out = ByteBuffer.allocate(headOctets(taken.length));
    out.putInt(VERSION).putInt(crc).putLong(octets).putInt(blockOctets);
    for (int block : taken) {
      out.putInt(block);
    }
    return out.array();
  }

  private static int headOctets(int blocks) {
    return HEAD_OCTETS + blocks * Integer.BYTES;
  }

  /** Reads from the start of a payload of {@code room} octets as much as it wants. */
  @FunctionalInterface
  interface Payload {
    void read(long offset, ByteBuffer bytes) throws IOException;
  }

  /**
   * The head of the payload of {@code room} octets. Throws CorruptBodyException for a damaged one.
   */
  static Packing read(Payload payload, long room) throws IOException {
    if (room < HEAD_OCTETS) {
      throw new CorruptBodyException("it has no head");
    }
    ByteBuffer fixed = ByteBuffer.allocate(HEAD_OCTETS);
    payload.read(0, fixed);
    fixed.flip();
    int version = fixed.getInt();
    int crc = fixed.getInt();
    long octets = fixed.getLong();
    int blockOctets = fixed.getInt();
    if (version != VERSION || blockOctets <= 0 || blockOctets > BLOCK_OCTETS_MAX || octets <= 0) {
      throw new CorruptBodyException("its head is damaged");
    }
    long blocks = (octets - 1) / blockOctets + 1;
    if (blocks > (room - HEAD_OCTETS) / Integer.BYTES) {
      throw new CorruptBodyException("its head says more than it can hold");
    }
    ByteBuffer table = ByteBuffer.allocate((int) blocks * Integer.BYTES);
    payload.read(HEAD_OCTETS, table);
    int[] taken = new int[(int) blocks];
    table.flip().asIntBuffer().get(taken);
    Packing packing = new Packing(octets, crc, blockOctets, taken);
    packing.requireRoom(room);
    return packing;
  }

  private void requireRoom(long room) throws CorruptBodyException {
    long sum = headOctets(taken.length);
    for (int i = 0; i < taken.length; i++) {
      if (taken[i] <= 0 || taken[i] > octetsOf(i)) {
        throw new CorruptBodyException("its head is damaged");
      }
      sum += taken[i];
    }
    if (sum != room) {
      throw new CorruptBodyException("its head does not say what it holds");
    }
  }

  int octetsOf(int block) {
    return (int) Math.min(blockOctets, octets - (long) block * blockOctets);
  }

  /** Offset of a block in the payload. */
  long offsetOf(int block) {
    long at = headOctets(taken.length);
    for (int i = 0; i < block; i++) {
      at += taken[i];
    }
    return at;
  }

  /** The octets of a block, from those that it takes in the payload. */
  byte[] unpack(int block, byte[] packed) throws CorruptBodyException {
    int wanted = octetsOf(block);
    if (packed.length == wanted) {
      return packed;
    }
    try {
      return Zstd.unpack(packed, wanted);
    } catch (IOException e) {
      throw new CorruptBodyException("block " + block + " is damaged: " + e.getMessage());
    }
  }

  /** Where the body is whose payload of {@code room} octets begins at {@code offset}. */
  BodyLocation location(int segment, long offset, long room) {
    return new BodyLocation(segment, offset, octets, crc, room);
  }
}
