package dev.postrider.server.relay;

import dev.postrider.server.config.ListenerKind;
import dev.postrider.server.config.RouteConfig.TlsLevel;
import dev.postrider.server.dns.Dns;
import dev.postrider.server.dns.Dns.AddressAnswer;
import dev.postrider.server.dns.Dns.MailExchanger;
import dev.postrider.server.dns.Dns.MxAnswer;
import java.net.InetAddress;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Turns a route into hosts with addresses, best first. RFC 5321 section 5.1. */
final class NextHops {

  private static final Logger log = LoggerFactory.getLogger(NextHops.class);

  /** Hosts tried in one attempt. */
  static final int HOSTS_MAX = 5;

  private final Dns dns;
  private final HostIdentity self;
  private final int mxPort;

  NextHops(Dns dns, HostIdentity self) {
    this(dns, self, ListenerKind.SMTP.standardPort());
  }

  /**
   * @param mxPort where hosts found by MX listen
   */
  NextHops(Dns dns, HostIdentity self, int mxPort) {
    this.dns = dns;
    this.self = self;
    this.mxPort = mxPort;
  }

  /** Where to go, or why nowhere. */
  sealed interface Answer {
    /** At least one. */
    record Hosts(List<NextHop> hosts) implements Answer {
      public Hosts {
        hosts = List.copyOf(hosts);
      }
    }

    /** None; the outcome is that of every message on this route. */
    record None(Outcome outcome) implements Answer {}
  }

  Answer resolve(Route route) {
    return switch (route) {
      case Route.Fixed fixed -> fixed(fixed);
      case Route.ByMx(String domain) ->
          isLiteral(domain) ? literal(domain) : exchangers(domain, dns.mx(domain));
    };
  }

  private Answer fixed(Route.Fixed route) {
    return oneHost(route.host(), route.port(), route.tls(), "the next hop " + route.host());
  }

  private static boolean isLiteral(String domain) {
    return domain.startsWith("[") && domain.endsWith("]");
  }

  /** An address in place of a domain, RFC 5321 section 4.1.3. */
  private Answer literal(String domain) {
    String text = domain.substring(1, domain.length() - 1);
    String bare = text.startsWith("ipv6:") ? text.substring("ipv6:".length()) : text;
    try {
      InetAddress address = InetAddress.ofLiteral(bare);
      return hostsOrLoop(
          List.of(new NextHop(domain, List.of(address), mxPort, TlsLevel.OPPORTUNISTIC)));
    } catch (IllegalArgumentException malformed) {
      return failed("5.1.2", "The address literal " + domain + " is not an IP address.");
    }
  }

  private Answer exchangers(String domain, MxAnswer answer) {
    return switch (answer) {
      case MxAnswer.Found(List<MailExchanger> found) -> byPreference(domain, found);
      case MxAnswer.NoRecords() ->
          // The implicit MX: the domain itself.
          self.isOurName(domain)
              ? loop(domain)
              : oneHost(domain, mxPort, TlsLevel.OPPORTUNISTIC, "the domain " + domain);
      case MxAnswer.NoSuchDomain() ->
          failed("5.1.2", "The domain " + domain + " does not exist. Is it spelt correctly?");
      case MxAnswer.NullMx() ->
          failed("5.1.10", "The domain " + domain + " declares that it accepts no mail.");
      case MxAnswer.TemporaryFailure(String cause) ->
          unknown(cause, "which servers take mail for " + domain);
    };
  }

  private Answer byPreference(String domain, List<MailExchanger> exchangers) {
    List<NextHop> hosts = new ArrayList<>();
    Optional<String> unknown = Optional.empty();
    for (MailExchanger each : exchangers.subList(0, Math.min(HOSTS_MAX, exchangers.size()))) {
      AddressAnswer answer = addresses(each.host());
      if (isOurs(each, answer)) {
        return betterThan(hosts, each, exchangers, domain);
      }
      switch (answer) {
        case AddressAnswer.Found(List<InetAddress> found) ->
            hosts.add(new NextHop(each.host(), found, mxPort, TlsLevel.OPPORTUNISTIC));
        case AddressAnswer.TemporaryFailure(String cause) -> unknown = Optional.of(cause);
        case AddressAnswer.NoSuchDomain(), AddressAnswer.NoRecords() -> {
          // A name without address takes no mail; the others may.
        }
      }
    }
    if (!hosts.isEmpty()) {
      return new Answer.Hosts(hosts);
    }
    return unknown.isPresent()
        ? unknown(unknown.get(), "the addresses of the mail servers of " + domain)
        : failed("5.4.4", "The mail servers that " + domain + " names have no addresses.");
  }

  private boolean isOurs(MailExchanger exchanger, AddressAnswer answer) {
    return self.isOurName(exchanger.host())
        || (answer instanceof AddressAnswer.Found(List<InetAddress> found)
            && self.others(found, mxPort).size() < found.size());
  }

  /**
   * Those of {@code hosts} that are preferred to {@code ourselves}. RFC 5321 section 5.1: a host
   * that finds itself among the exchangers passes mail on only to better ones, else two backup
   * servers would pass it to each other for ever.
   */
  private static Answer betterThan(
      List<NextHop> hosts, MailExchanger ourselves, List<MailExchanger> all, String domain) {
    List<String> better =
        all.stream()
            .filter(each -> each.preference() < ourselves.preference())
            .map(MailExchanger::host)
            .toList();
    List<NextHop> kept = hosts.stream().filter(hop -> better.contains(hop.host())).toList();
    return kept.isEmpty() ? loop(domain) : new Answer.Hosts(kept);
  }

  private Answer oneHost(String host, int port, TlsLevel tls, String what) {
    return switch (addresses(host)) {
      case AddressAnswer.Found(List<InetAddress> found) ->
          hostsOrLoop(List.of(new NextHop(host, found, port, tls)));
      case AddressAnswer.NoSuchDomain(), AddressAnswer.NoRecords() ->
          failed("5.4.4", "There is no mail server to be found for " + what + ".");
      case AddressAnswer.TemporaryFailure(String cause) -> unknown(cause, "the address of " + what);
    };
  }

  private AddressAnswer addresses(String host) {
    try {
      return new AddressAnswer.Found(List.of(InetAddress.ofLiteral(host)));
    } catch (IllegalArgumentException name) {
      return dns.addresses(host);
    }
  }

  private Answer hostsOrLoop(List<NextHop> hosts) {
    List<NextHop> others = new ArrayList<>();
    for (NextHop each : hosts) {
      List<InetAddress> addresses = self.others(each.addresses(), each.port());
      if (!addresses.isEmpty()) {
        others.add(new NextHop(each.host(), addresses, each.port(), each.tls()));
      }
    }
    return others.isEmpty() ? loop(hosts.getFirst().host()) : new Answer.Hosts(others);
  }

  private static Answer loop(String domain) {
    return failed(
        "5.4.6",
        "Mail for "
            + domain
            + " leads back to this server, which does not know the domain as its own.");
  }

  private static Answer failed(String status, String text) {
    return new Answer.None(new Outcome.Failed(Diagnosis.ours(status, text)));
  }

  /** {@code cause} is for the operator alone. */
  private static Answer unknown(String cause, String what) {
    log.warn("relay.dns-failed asked=\"{}\" cause=\"{}\"", what, cause);
    return new Answer.None(
        new Outcome.Deferred(Diagnosis.ours("4.4.3", "DNS did not tell " + what + ".")));
  }
}
