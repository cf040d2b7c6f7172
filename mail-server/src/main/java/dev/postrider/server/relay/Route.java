package dev.postrider.server.relay;

import dev.postrider.server.config.RouteConfig.TlsLevel;
import java.util.Locale;

/** Which way mail goes. Equal routes are one destination: they share connections and limits. */
sealed interface Route {

  /** Over the mail hosts that the domain's DNS names. */
  record ByMx(String domain) implements Route {
    public ByMx {
      domain = domain.toLowerCase(Locale.ROOT);
    }

    @Override
    public String toString() {
      return domain;
    }
  }

  /** To the server that the operator named, whatever DNS says. {@code host} may be an address. */
  record Fixed(String host, int port, TlsLevel tls) implements Route {
    @Override
    public String toString() {
      return host + ":" + port;
    }
  }
}
