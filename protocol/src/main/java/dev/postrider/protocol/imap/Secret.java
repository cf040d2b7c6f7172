package dev.postrider.protocol.imap;

import java.util.Arrays;

/** A password as it was received. Whoever has used it wipes it. */
public final class Secret {

  private final byte[] octets;

  /** Takes {@code octets} over. */
  Secret(byte[] octets) {
    this.octets = octets;
  }

  /** The octets themselves, not a copy. */
  public byte[] octets() {
    return octets;
  }

  public void wipe() {
    Arrays.fill(octets, (byte) 0);
  }

  /** Nothing of it. */
  @Override
  public String toString() {
    return "Secret";
  }
}
