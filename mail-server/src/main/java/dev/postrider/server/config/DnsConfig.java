package dev.postrider.server.config;

import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.List;

/**
 * Whom to ask for names.
 *
 * @param servers asked in this order; empty: those of the operating system
 * @param timeout how long one question may take, over all servers
 */
public record DnsConfig(List<InetSocketAddress> servers, Duration timeout) {

  public static final DnsConfig DEFAULTS = new DnsConfig(List.of(), Duration.ofSeconds(10));

  public DnsConfig {
    servers = List.copyOf(servers);
  }
}
