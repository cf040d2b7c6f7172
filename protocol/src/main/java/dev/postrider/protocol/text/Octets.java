package dev.postrider.protocol.text;

import java.util.Arrays;

/** Octets that never change; equal where all of them are. */
public final class Octets {

  private final byte[] octets;

  private Octets(byte[] octets) {
    this.octets = octets;
  }

  public static Octets of(byte[] octets) {
    return new Octets(octets.clone());
  }

  public int length() {
    return octets.length;
  }

  /** A copy. */
  public byte[] toByteArray() {
    return octets.clone();
  }

  public boolean contains(int octet) {
    for (byte one : octets) {
      if (one == (byte) octet) {
        return true;
      }
    }
    return false;
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof Octets that && Arrays.equals(octets, that.octets);
  }

  @Override
  public int hashCode() {
    return Arrays.hashCode(octets);
  }

  /** Without what they are: nobody knows who may read it. */
  @Override
  public String toString() {
    return "Octets[" + octets.length + "]";
  }
}
