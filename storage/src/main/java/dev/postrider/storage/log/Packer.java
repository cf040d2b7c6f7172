package dev.postrider.storage.log;

import dev.postrider.storage.messages.MessageSource;
import dev.postrider.storage.messages.Spool;
import io.airlift.compress.v3.zstd.ZstdCompressor;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.SequenceInputStream;
import java.util.Arrays;
import java.util.Optional;
import java.util.zip.CRC32C;

/**
 * Packs new messages, on the thread that brings them. What is packed is in memory, or, of a large
 * message, in a file of the spool, until it is in the log.
 */
public final class Packer {

  /** A message stays as it is unless so much of it is saved. */
  static final int SAVED_PERCENT_MIN = 10;

  /** What is shorter cannot save enough beside the head. */
  private static final int OCTETS_MIN = 256;

  /** Blocks after which it is seen that a message cannot be packed. */
  private static final int BLOCKS_TRIED = 8;

  private final Spool spool;

  public Packer(Spool spool) {
    this.spool = spool;
  }

  /** A packed message. Close it once it is in the log. */
  public static final class PackedMessage implements Packed, AutoCloseable {
    private final MessageSource plain;
    private final Packing packing;
    private final Spool.Spooled blocks;

    private PackedMessage(MessageSource plain, Packing packing, Spool.Spooled blocks) {
      this.plain = plain;
      this.packing = packing;
      this.blocks = blocks;
    }

    @Override
    public long octets() {
      return packing.octets();
    }

    @Override
    public InputStream open() throws IOException {
      return plain.open();
    }

    @Override
    public long room() {
      return packing.head().length + blocks.octets();
    }

    @Override
    public InputStream openPacked() throws IOException {
      return new SequenceInputStream(new ByteArrayInputStream(packing.head()), blocks.open());
    }

    @Override
    public int crc() {
      return packing.crc();
    }

    @Override
    public void close() {
      blocks.close();
    }
  }

  /**
   * Reads {@code message} to its end. Empty when it would save too little. Throws what the message
   * throws, and what the spool does.
   */
  public Optional<PackedMessage> pack(MessageSource message) throws IOException {
    if (message.octets() < OCTETS_MIN) {
      return Optional.empty();
    }
    Spool.Spooled blocks = spool.begin();
    Optional<Packing> packing = Optional.empty();
    try {
      packing = packInto(message, blocks.out());
      return packing.map(found -> new PackedMessage(message, found, blocks));
    } finally {
      if (packing.isEmpty()) {
        blocks.close();
      }
    }
  }

  private static Optional<Packing> packInto(MessageSource message, OutputStream out)
      throws IOException {
    ZstdCompressor zstd = Zstd.compressor();
    byte[] plain = new byte[(int) Math.min(Packing.BLOCK_OCTETS, message.octets())];
    byte[] packed = new byte[zstd.maxCompressedLength(plain.length)];
    int[] taken = new int[BLOCKS_TRIED];
    int blocks = 0;
    long octets = 0;
    long room = Packing.HEAD_OCTETS;
    CRC32C crc = new CRC32C();
    try (InputStream in = message.open()) {
      for (int count = in.readNBytes(plain, 0, plain.length);
          count > 0;
          count = in.readNBytes(plain, 0, plain.length)) {
        crc.update(plain, 0, count);
        int length = zstd.compress(plain, 0, count, packed, 0, packed.length);
        boolean smaller = length < count;
        out.write(smaller ? packed : plain, 0, smaller ? length : count);
        if (blocks == taken.length) {
          taken = Arrays.copyOf(taken, blocks * 2);
        }
        taken[blocks] = smaller ? length : count;
        room += taken[blocks] + Integer.BYTES;
        octets += count;
        blocks++;
        if (blocks == BLOCKS_TRIED && !isWorthwhile(room, octets)) {
          return Optional.empty();
        }
      }
    }
    return octets == message.octets() && isWorthwhile(room, octets)
        ? Optional.of(
            new Packing(
                octets, (int) crc.getValue(), Packing.BLOCK_OCTETS, Arrays.copyOf(taken, blocks)))
        : Optional.empty();
  }

  private static boolean isWorthwhile(long room, long octets) {
    return room * 100 <= octets * (100 - SAVED_PERCENT_MIN);
  }
}
