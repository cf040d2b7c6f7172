package dev.postrider.storage.changes;

/**
 * Where the bytes of a message are in the log.
 *
 * @param segment number of the segment, from 1; of a shared store {@link
 *     dev.postrider.storage.sql.SharedPlace}, and the offset is 0
 * @param offset of the first byte of the message in the segment, in octets
 * @param octets how many
 * @param crc CRC-32C of them
 */
public record BodyLocation(int segment, long offset, long octets, int crc) {}
