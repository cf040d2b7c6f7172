package dev.postrider.storage.log;

import dev.postrider.storage.changes.BodyLocation;
import dev.postrider.storage.messages.BodyOctets;
import dev.postrider.storage.messages.CorruptBodyException;
import java.io.IOException;
import java.nio.ByteBuffer;
import org.jspecify.annotations.Nullable;

/**
 * A packed body, read as if it were not: offsets count octets of the message, from the offset of
 * its location. Holds one block. Every read throws CorruptBodyException where what is there was
 * never packed.
 */
final class UnpackedLease implements BodyOctets.Lease {

  /** A payload up to here is read at once. */
  private static final int WHOLE_OCTETS_MAX = 64 * 1024;

  private final BodyOctets.Lease lease;
  private final BodyLocation location;
  private @Nullable ByteBuffer whole;
  private @Nullable Packing packing;
  private int block = -1;
  private byte[] plain = new byte[0];

  /**
   * @param lease of the segment; closed with this
   */
  UnpackedLease(BodyOctets.Lease lease, BodyLocation location) {
    this.lease = lease;
    this.location = location;
  }

  @Override
  public void read(long offset, ByteBuffer bytes) throws IOException {
    Packing known = packing();
    long at = offset - location.offset();
    while (bytes.hasRemaining()) {
      if (at < 0 || at >= known.octets()) {
        throw new IOException("the message ends at " + known.octets() + ", not behind " + at);
      }
      unpack(known, (int) (at / known.blockOctets()));
      int from = (int) (at % known.blockOctets());
      int count = Math.min(bytes.remaining(), plain.length - from);
      bytes.put(plain, from, count);
      at += count;
    }
  }

  private Packing packing() throws IOException {
    Packing known = packing;
    if (known == null) {
      if (location.room() <= WHOLE_OCTETS_MAX) {
        ByteBuffer payload = ByteBuffer.allocate((int) location.room());
        lease.read(location.offset(), payload);
        whole = payload.flip();
      }
      known = Packing.read(this::payload, location.room());
      if (known.octets() != location.octets() || known.crc() != location.crc()) {
        throw new CorruptBodyException("its head is that of another message");
      }
      packing = known;
    }
    return known;
  }

  private void payload(long offset, ByteBuffer bytes) throws IOException {
    ByteBuffer all = whole;
    if (all == null) {
      lease.read(location.offset() + offset, bytes);
    } else {
      bytes.put(all.slice((int) offset, bytes.remaining()));
    }
  }

  private void unpack(Packing known, int wanted) throws IOException {
    if (wanted != block) {
      ByteBuffer packed = ByteBuffer.allocate(known.taken()[wanted]);
      payload(known.offsetOf(wanted), packed);
      plain = known.unpack(wanted, packed.array());
      block = wanted;
    }
  }

  @Override
  public void close() throws IOException {
    lease.close();
  }
}
