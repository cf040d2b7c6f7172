package dev.postrider.storage.log;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Optional;
import java.util.UUID;
import java.util.zip.CRC32C;

/**
 * What stands before the payload of a record: 48 octets, big-endian.
 *
 * <pre>
 *  0  magic 'PRRC'
 *  4  type: 1 body, 2 batch, 3 lost, 4 packed body
 *  5  three octets 0
 *  8  length of the payload
 * 16  sequence: one more than that of the record before
 * 24  durable: the highest sequence that was on the disk when this was written
 * 32  body id; 0 for a batch; how many records are lost
 * 40  CRC-32C of the payload
 * 44  CRC-32C of octets 0 to 43, xor the salt of the store
 * </pre>
 *
 * <p>The header has its own checksum, so that a torn length is never believed. {@code durable}
 * tells a torn tail from damage: when a record is bad, and a later one says that it was durable,
 * then it was acknowledged, and something destroyed it afterwards. The salt is made from the id of
 * the store, which no sender knows: so no message can contain what passes for a header.
 */
record RecordHeader(Type type, long length, long sequence, long durable, long body, int crc) {

  static final int OCTETS = 48;

  static final int MAGIC = 0x50525243;

  private static final int CHECKED_OCTETS = 44;

  enum Type {
    BODY(1),
    BATCH(2),
    /** Was damaged and given up by a repair; the payload is what it found there. */
    LOST(3),
    /** A body, see {@link Packing}. */
    PACKED(4);

    private final int code;

    Type(int code) {
      this.code = code;
    }

    static Optional<Type> of(int code) {
      for (Type type : values()) {
        if (type.code == code) {
          return Optional.of(type);
        }
      }
      return Optional.empty();
    }
  }

  /** How far the sequence goes on behind this one. */
  long records() {
    return type == Type.LOST ? body : 1;
  }

  /** Writes it at {@code at}, without moving the position of {@code out}. */
  void put(ByteBuffer out, int at, int salt) {
    out.putInt(at, MAGIC);
    out.putInt(at + 4, type.code << 24);
    out.putLong(at + 8, length);
    out.putLong(at + 16, sequence);
    out.putLong(at + 24, durable);
    out.putLong(at + 32, body);
    out.putInt(at + 40, crc);
    out.putInt(at + 44, checksum(out, at) ^ salt);
  }

  /** The header at {@code at}, or empty when there is none or it is damaged. */
  static Optional<RecordHeader> get(ByteBuffer in, int at, int salt) {
    if (in.getInt(at) != MAGIC || in.getInt(at + 44) != (checksum(in, at) ^ salt)) {
      return Optional.empty();
    }
    long length = in.getLong(at + 8);
    if (length < 0) {
      return Optional.empty();
    }
    return Type.of(in.getInt(at + 4) >>> 24)
        .map(
            type ->
                new RecordHeader(
                    type,
                    length,
                    in.getLong(at + 16),
                    in.getLong(at + 24),
                    in.getLong(at + 32),
                    in.getInt(at + 40)));
  }

  /** What makes the headers of one store unlike those of every other. */
  static int salt(UUID store) {
    CRC32C crc = new CRC32C();
    crc.update(store.toString().getBytes(StandardCharsets.US_ASCII));
    return (int) crc.getValue();
  }

  private static int checksum(ByteBuffer buffer, int at) {
    CRC32C crc = new CRC32C();
    crc.update(buffer.slice(at, CHECKED_OCTETS));
    return (int) crc.getValue();
  }
}
