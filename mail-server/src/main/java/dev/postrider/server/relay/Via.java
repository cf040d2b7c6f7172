package dev.postrider.server.relay;

import dev.postrider.server.net.TlsFacts;
import java.util.Optional;

/**
 * The way an attempt took, for the log.
 *
 * @param host and {@code address} are empty when no peer was reached
 */
record Via(Route route, Optional<String> host, Optional<String> address, Optional<TlsFacts> tls) {

  static Via nowhere(Route route) {
    return new Via(route, Optional.empty(), Optional.empty(), Optional.empty());
  }

  static Via session(Route route, PeerSession session) {
    return new Via(
        route, Optional.of(session.host()), Optional.of(session.address()), session.tls());
  }

  @Override
  public String toString() {
    return "destination="
        + route
        + " host="
        + host.orElse("-")
        + " address="
        + address.orElse("-")
        + " tls="
        + tls.map(facts -> facts.protocol() + "/" + facts.cipherSuite()).orElse("none");
  }
}
