package dev.postrider.server.relay;

import dev.postrider.server.config.RouteConfig.TlsLevel;
import java.net.InetAddress;
import java.util.List;

/**
 * A host to try.
 *
 * @param host as named by MX or route; the name that its certificate must have when TLS is required
 * @param addresses to try in this order
 */
record NextHop(String host, List<InetAddress> addresses, int port, TlsLevel tls) {
  NextHop {
    addresses = List.copyOf(addresses);
  }
}
