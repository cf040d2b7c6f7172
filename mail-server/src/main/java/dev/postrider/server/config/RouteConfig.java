package dev.postrider.server.config;

/**
 * A next hop that overrides MX for a domain.
 *
 * @param domain in lower case, or "*" for every domain without a route of its own
 */
public record RouteConfig(String domain, String host, int port, TlsLevel tls) {

  /** What a route asks of TLS. */
  public enum TlsLevel {
    /** Never. */
    NONE,
    /** When offered, whatever the certificate; in the clear otherwise. RFC 7435. */
    OPPORTUNISTIC,
    /** With a certificate that is valid for the host, or not at all. */
    REQUIRED
  }
}
