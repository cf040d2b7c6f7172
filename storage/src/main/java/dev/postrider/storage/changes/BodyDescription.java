package dev.postrider.storage.changes;

import java.util.Arrays;

/**
 * What is known of the bytes of a message without reading them, as it is stored.
 *
 * <p>It is stored beside the body and never instead of it: whoever has it may serve the header
 * after reading no more than that, as {@code headerCrc} says whether it is right. {@code octets}
 * have a checksum of their own.
 */
public final class BodyDescription {

  private final int version;
  private final long headerOctets;
  private final int headerCrc;
  private final byte[] octets;

  /**
   * @param version of the format of {@code octets}, and of what is looked for
   * @param headerOctets of the message's header with its blank line
   * @param headerCrc CRC-32C of these
   * @param octets as {@link dev.postrider.protocol.message.DescriptionCodec} has them; not to be
   *     changed
   */
  public BodyDescription(int version, long headerOctets, int headerCrc, byte[] octets) {
    this.version = version;
    this.headerOctets = headerOctets;
    this.headerCrc = headerCrc;
    this.octets = octets;
  }

  public int version() {
    return version;
  }

  public long headerOctets() {
    return headerOctets;
  }

  public int headerCrc() {
    return headerCrc;
  }

  /** Not a copy. */
  public byte[] octets() {
    return octets;
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof BodyDescription that
        && version == that.version
        && headerOctets == that.headerOctets
        && headerCrc == that.headerCrc
        && Arrays.equals(octets, that.octets);
  }

  @Override
  public int hashCode() {
    return Arrays.hashCode(octets);
  }

  @Override
  public String toString() {
    return "BodyDescription[version " + version + ", " + octets.length + " octets]";
  }
}
