package dev.postrider.storage.changes;

/**
 * Where the bytes of a message are in the log.
 *
 * @param segment number of the segment, from 1; of a shared store {@link
 *     dev.postrider.storage.sql.SharedPlace}, and the offset is 0
 * @param offset of the first byte in the segment, in octets
 * @param octets of the message
 * @param crc CRC-32C of them
 * @param room octets that they take there: fewer when they are packed, see {@link
 *     dev.postrider.storage.log.Packing}
 */
public record BodyLocation(int segment, long offset, long octets, int crc, long room) {

  /** Of bytes that are there as they are. */
  public BodyLocation(int segment, long offset, long octets, int crc) {
    this(segment, offset, octets, crc, octets);
  }

  public boolean isPacked() {
    return room != octets;
  }
}
