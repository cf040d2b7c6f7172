package dev.postrider.server.net;

import java.net.Inet6Address;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.Arrays;

/** What counts as one client: an IPv4 address, or the /64 of IPv6 that one customer has. */
public record ClientNetwork(InetAddress address) {

  private static final int IPV6_PREFIX_OCTETS = 8;

  public static ClientNetwork of(InetAddress address) {
    if (!(address instanceof Inet6Address)) {
      return new ClientNetwork(address);
    }
    byte[] octets = address.getAddress();
    Arrays.fill(octets, IPV6_PREFIX_OCTETS, octets.length, (byte) 0);
    try {
      return new ClientNetwork(InetAddress.getByAddress(octets));
    } catch (UnknownHostException e) {
      throw new IllegalStateException("16 octets are an address", e);
    }
  }
}
