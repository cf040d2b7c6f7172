package dev.postrider.client.accounts;

/** One server port. The host is a name or an address literal without brackets. */
public record Endpoint(String host, int port, TlsMode tls) {

  /** Whether the host means this machine, where nobody else can listen in. */
  public boolean isLoopback() {
    return host.equalsIgnoreCase("localhost")
        || host.equals("::1")
        || host.matches("127(\\.\\d{1,3}){3}");
  }

  @Override
  public String toString() {
    return host + ":" + port;
  }
}
