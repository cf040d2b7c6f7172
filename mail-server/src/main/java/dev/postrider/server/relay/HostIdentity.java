package dev.postrider.server.relay;

import dev.postrider.server.config.ListenerKind;
import dev.postrider.server.config.ServerConfig;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.NetworkInterface;
import java.net.SocketException;
import java.util.Collection;
import java.util.List;
import java.util.Set;

/**
 * Who we are, so that mail is never relayed to ourselves. RFC 5321 section 5.1 forbids it for MX
 * records that point back at us; section 6.3 for loops in general.
 */
final class HostIdentity {

  private static final Set<ListenerKind> TAKES_MAIL =
      Set.of(ListenerKind.SMTP, ListenerKind.SUBMISSION, ListenerKind.SUBMISSIONS);

  private final String hostname;
  private final Collection<InetSocketAddress> listeners;

  HostIdentity(ServerConfig config) {
    this.hostname = config.hostname();
    this.listeners =
        config.listen().entrySet().stream()
            .filter(entry -> TAKES_MAIL.contains(entry.getKey()))
            .map(entry -> entry.getValue())
            .toList();
  }

  /** Whether {@code name}, of an MX record or of a peer's answer to EHLO, is ours. */
  boolean isOurName(String name) {
    return hostname.equalsIgnoreCase(name);
  }

  /**
   * Whether something that connects there ends up at one of our own listeners. A loopback address
   * at port 25 is this machine whatever listens there: only a route may lead to it on another port.
   */
  boolean isOurs(InetAddress address, int port) {
    if (!isLocal(address)) {
      return false;
    }
    if (port == ListenerKind.SMTP.standardPort()
        && (address.isLoopbackAddress() || address.isAnyLocalAddress())) {
      return true;
    }
    return listeners.stream()
        .filter(listener -> listener.getPort() == port)
        .map(InetSocketAddress::getAddress)
        .anyMatch(bound -> bound == null || bound.isAnyLocalAddress() || bound.equals(address));
  }

  /** Those of {@code addresses} that do not lead back to us. */
  List<InetAddress> others(List<InetAddress> addresses, int port) {
    return addresses.stream().filter(address -> !isOurs(address, port)).toList();
  }

  private static boolean isLocal(InetAddress address) {
    if (address.isLoopbackAddress() || address.isAnyLocalAddress()) {
      return true;
    }
    try {
      return NetworkInterface.getByInetAddress(address) != null;
    } catch (SocketException unknown) {
      // The system does not tell; the name in the peer's answer to EHLO is looked at later anyway.
      return false;
    }
  }
}
