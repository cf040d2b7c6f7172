package dev.postrider.server.relay;

import dev.postrider.server.config.RouteConfig;
import dev.postrider.server.config.ServerConfig;
import java.util.HashMap;
import java.util.Locale;
import java.util.Map;

/** Picks the way to a domain: its own route, else the default one, else MX. */
final class Routes {

  private static final String DEFAULT_ROUTE = "*";

  private final Map<String, Route> configured = new HashMap<>();

  Routes(ServerConfig config) {
    for (RouteConfig each : config.routes()) {
      configured.put(
          each.domain().toLowerCase(Locale.ROOT),
          new Route.Fixed(each.host(), each.port(), each.tls()));
    }
  }

  Route to(String domain) {
    Route route = configured.get(domain.toLowerCase(Locale.ROOT));
    if (route == null) {
      route = configured.get(DEFAULT_ROUTE);
    }
    return route == null ? new Route.ByMx(domain) : route;
  }
}
