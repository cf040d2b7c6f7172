package dev.postrider.server.config;

import dev.postrider.server.config.Format.Unfit;
import dev.postrider.server.config.RouteConfig.TlsLevel;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.tomlj.TomlTable;

/** Reads the next hops: the tables {@code [[route]]}, or a variable that stands for all of them. */
final class RouteReader {

  /** {@code b.example=mx.b.example:25/required, *=smarthost.example:587}. */
  static final String VARIABLE = ConfigKey.VARIABLE_PREFIX + "ROUTE";

  private static final Pattern IN_VARIABLE =
      Pattern.compile("([^=]+)=(\\[[^\\]]+\\]|[^:/]+)(?::([0-9]{1,9}))?(?:/([a-z]+))?");

  private final Source source;
  private final List<String> localDomains;
  private final List<RouteConfig> routes = new ArrayList<>();
  private final Map<String, String> seen = new HashMap<>();

  RouteReader(Source source, List<String> localDomains) {
    this.source = source;
    this.localDomains = localDomains;
  }

  List<RouteConfig> read() {
    Optional<String> variable = source.variable(VARIABLE);
    if (variable.isPresent()) {
      for (String route : variable.get().split(",")) {
        readText(route.strip());
      }
    } else {
      source.tables(ConfigKeys.ROUTE).forEach(this::readTable);
    }
    return routes;
  }

  private void readTable(TomlTable table) {
    Optional<String> domain = find(ConfigKeys.ROUTE_DOMAIN, table);
    Optional<String> host = find(ConfigKeys.ROUTE_HOST, table);
    int port = find(ConfigKeys.ROUTE_PORT, table).orElse(ListenerKind.SMTP.standardPort());
    TlsLevel tls = find(ConfigKeys.ROUTE_TLS, table).orElse(TlsLevel.OPPORTUNISTIC);
    if (domain.isPresent() && host.isPresent()) {
      add(
          new RouteConfig(domain.get(), host.get(), port, tls),
          source.place(table, List.of(ConfigKeys.ROUTE_DOMAIN.name())));
    }
  }

  private <T> Optional<T> find(ConfigKey<T> key, TomlTable table) {
    if (key.value().isEmpty() && !table.contains(List.of(key.name()))) {
      source.problem(
          source.placeOf(table),
          "key '%s' is missing; every [[route]] needs a domain and a host".formatted(key.path()));
      return Optional.empty();
    }
    return source.find(key, table, List.of(key.name()));
  }

  private void readText(String text) {
    Matcher matcher = IN_VARIABLE.matcher(text);
    try {
      if (!matcher.matches()) {
        throw new Unfit("'" + text + "' is no route; write b.example=mx.b.example:25/required");
      }
      String host = matcher.group(2).replaceAll("^\\[|\\]$", "");
      String port = Optional.ofNullable(matcher.group(3)).orElse("25");
      String tls = Optional.ofNullable(matcher.group(4)).orElse("opportunistic");
      add(
          new RouteConfig(
              ConfigKeys.ROUTE_DOMAIN.format().text().read(matcher.group(1).strip()),
              ConfigKeys.ROUTE_HOST.format().text().read(host),
              ConfigKeys.ROUTE_PORT.format().text().read(port),
              ConfigKeys.ROUTE_TLS.format().text().read(tls)),
          VARIABLE);
    } catch (Unfit unfit) {
      source.problem(VARIABLE, unfit.reason());
    }
  }

  private void add(RouteConfig route, String place) {
    String first = seen.putIfAbsent(route.domain(), place);
    if (first != null) {
      source.problem(
          place,
          "key 'route.domain': '%s' has a route already, at %s; remove one of them"
              .formatted(route.domain(), first));
    }
    if (localDomains.contains(route.domain())) {
      source.problem(
          place,
          "key 'route.domain': '%s' is one of 'domains', whose mail stays here; remove one of the two"
              .formatted(route.domain()));
    }
    routes.add(route);
  }
}
