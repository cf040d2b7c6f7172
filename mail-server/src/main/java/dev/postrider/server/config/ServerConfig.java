package dev.postrider.server.config;

import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;

/**
 * Everything an operator can set.
 *
 * @param hostname what the server calls itself in greetings, EHLO and Received
 * @param domains whose mail stays here, in lower case
 * @param listen a listener left out is off
 * @param routes next hops that override MX
 */
public record ServerConfig(
    String hostname,
    List<String> domains,
    Path dataDirectory,
    Map<ListenerKind, InetSocketAddress> listen,
    List<RouteConfig> routes,
    TlsConfig tls,
    LimitsConfig limits,
    RelayConfig relay,
    DnsConfig dns,
    StoreConfig store,
    LogConfig log,
    ImapConfig imap,
    AuthConfig auth) {

  public ServerConfig {
    domains = List.copyOf(domains);
    listen = Map.copyOf(listen);
    routes = List.copyOf(routes);
  }

  /** With the usual settings for names, log, IMAP and logins. */
  public ServerConfig(
      String hostname,
      List<String> domains,
      Path dataDirectory,
      Map<ListenerKind, InetSocketAddress> listen,
      List<RouteConfig> routes,
      TlsConfig tls,
      LimitsConfig limits,
      RelayConfig relay) {
    this(
        hostname,
        domains,
        dataDirectory,
        listen,
        routes,
        tls,
        limits,
        relay,
        DnsConfig.DEFAULTS,
        StoreConfig.DEFAULTS,
        LogConfig.DEFAULTS,
        ImapConfig.DEFAULTS,
        AuthConfig.DEFAULTS);
  }

  /** The same with IMAP otherwise. */
  public ServerConfig withImap(ImapConfig other) {
    return new ServerConfig(
        hostname,
        domains,
        dataDirectory,
        listen,
        routes,
        tls,
        limits,
        relay,
        dns,
        store,
        log,
        other,
        auth);
  }

  /** The same with other ways to log in. */
  public ServerConfig withAuth(AuthConfig other) {
    return new ServerConfig(
        hostname,
        domains,
        dataDirectory,
        listen,
        routes,
        tls,
        limits,
        relay,
        dns,
        store,
        log,
        imap,
        other);
  }

  /** The same with its data elsewhere. */
  public ServerConfig withDataDirectory(Path directory) {
    return new ServerConfig(
        hostname, domains, directory, listen, routes, tls, limits, relay, dns, store, log, imap,
        auth);
  }
}
