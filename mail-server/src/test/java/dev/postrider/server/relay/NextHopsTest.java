package dev.postrider.server.relay;

import static org.assertj.core.api.Assertions.assertThat;

import dev.postrider.server.config.LimitsConfig;
import dev.postrider.server.config.ListenerKind;
import dev.postrider.server.config.RelayConfig;
import dev.postrider.server.config.RouteConfig;
import dev.postrider.server.config.RouteConfig.TlsLevel;
import dev.postrider.server.config.ServerConfig;
import dev.postrider.server.config.TlsConfig;
import dev.postrider.server.dns.Dns.AddressAnswer;
import dev.postrider.server.dns.Dns.MailExchanger;
import dev.postrider.server.dns.Dns.MxAnswer;
import dev.postrider.server.dns.ScriptedDns;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class NextHopsTest {

  private final ScriptedDns dns = new ScriptedDns();

  private static ServerConfig config(RouteConfig... routes) {
    return new ServerConfig(
        "mx.a.test",
        List.of("a.test"),
        Path.of("unused"),
        Map.of(ListenerKind.SMTP, new InetSocketAddress("0.0.0.0", 2525)),
        List.of(routes),
        new TlsConfig(Optional.empty(), Optional.empty()),
        LimitsConfig.DEFAULTS,
        RelayConfig.DEFAULTS);
  }

  private NextHops.Answer resolve(Route route) {
    return new NextHops(dns, new HostIdentity(config())).resolve(route);
  }

  private List<String> hosts(Route route) {
    return ((NextHops.Answer.Hosts) resolve(route)).hosts().stream().map(NextHop::host).toList();
  }

  private Outcome refusal(Route route) {
    return ((NextHops.Answer.None) resolve(route)).outcome();
  }

  private static MxAnswer exchangers(String... bestFirst) {
    List<MailExchanger> all = new ArrayList<>();
    for (String host : bestFirst) {
      all.add(new MailExchanger(10 * (all.size() + 1), host));
    }
    return new MxAnswer.Found(all);
  }

  @Test
  void prefersTheDomainsRouteToTheDefaultRouteToMx() {
    RouteConfig own = new RouteConfig("b.test", "10.0.0.1", 3525, TlsLevel.REQUIRED);
    RouteConfig fallback = new RouteConfig("*", "hub.test", 25, TlsLevel.NONE);
    Routes both = new Routes(config(own, fallback));
    assertThat(both.to("B.test")).isEqualTo(new Route.Fixed("10.0.0.1", 3525, TlsLevel.REQUIRED));
    assertThat(both.to("c.test")).isEqualTo(new Route.Fixed("hub.test", 25, TlsLevel.NONE));
    assertThat(new Routes(config(own)).to("c.test")).isEqualTo(new Route.ByMx("c.test"));
  }

  @Test
  void triesExchangersInOrder() {
    dns.mx("b.test", exchangers("one.test", "two.test"));
    dns.host("one.test", "192.0.2.1", "2001:db8::1").host("two.test", "192.0.2.2");
    NextHops.Answer.Hosts answer = (NextHops.Answer.Hosts) resolve(new Route.ByMx("b.test"));
    assertThat(answer.hosts())
        .containsExactly(
            new NextHop(
                "one.test",
                List.of(InetAddress.ofLiteral("192.0.2.1"), InetAddress.ofLiteral("2001:db8::1")),
                25,
                TlsLevel.OPPORTUNISTIC),
            new NextHop(
                "two.test",
                List.of(InetAddress.ofLiteral("192.0.2.2")),
                25,
                TlsLevel.OPPORTUNISTIC));
  }

  @Test
  void takesTheDomainItselfWithoutMx() {
    dns.host("b.test", "192.0.2.1");
    assertThat(hosts(new Route.ByMx("b.test"))).containsExactly("b.test");
  }

  @Test
  void failsForNullMxAndMissingDomains() {
    dns.mx("no.test", new MxAnswer.NullMx());
    assertThat(refusal(new Route.ByMx("no.test")))
        .isInstanceOfSatisfying(
            Outcome.Failed.class,
            failed -> assertThat(failed.diagnosis().status()).isEqualTo("5.1.10"));
    assertThat(refusal(new Route.ByMx("missing.test")))
        .isInstanceOfSatisfying(
            Outcome.Failed.class,
            failed -> assertThat(failed.diagnosis().status()).isEqualTo("5.1.2"));
  }

  @Test
  void defersWhatDnsDoesNotKnowNow() {
    dns.mx("b.test", new MxAnswer.TemporaryFailure("secret server 10.1.2.3"));
    assertThat(refusal(new Route.ByMx("b.test")))
        .isInstanceOfSatisfying(
            Outcome.Deferred.class,
            deferred -> assertThat(deferred.diagnosis().text()).doesNotContain("10.1.2.3"));
    dns.mx("c.test", exchangers("one.test"));
    dns.host("one.test", new AddressAnswer.TemporaryFailure("timeout"));
    assertThat(refusal(new Route.ByMx("c.test"))).isInstanceOf(Outcome.Deferred.class);
  }

  @Test
  void goesOnWithoutExchangersThatHaveNoAddress() {
    dns.mx("b.test", exchangers("gone.test", "two.test")).host("two.test", "192.0.2.2");
    assertThat(hosts(new Route.ByMx("b.test"))).containsExactly("two.test");
    dns.mx("c.test", exchangers("gone.test"));
    assertThat(refusal(new Route.ByMx("c.test")).diagnosis().status()).isEqualTo("5.4.4");
  }

  @Test
  void cutsLoopsAtOurOwnName() {
    dns.mx("b.test", exchangers("MX.A.test")).host("MX.A.test", "192.0.2.1");
    assertThat(refusal(new Route.ByMx("b.test")).diagnosis().status()).isEqualTo("5.4.6");
  }

  @Test
  void passesOnlyToBetterExchangersThanOurselves() {
    dns.mx("b.test", exchangers("best.test", "mx.a.test", "worst.test"));
    dns.host("best.test", "192.0.2.1").host("worst.test", "192.0.2.3");
    assertThat(hosts(new Route.ByMx("b.test"))).containsExactly("best.test");
  }

  @Test
  void cutsLoopsAtOurOwnListener() {
    dns.mx("b.test", exchangers("elsewhere.test")).host("elsewhere.test", "127.0.0.1");
    assertThat(refusal(new Route.ByMx("b.test")).diagnosis().status()).isEqualTo("5.4.6");
    assertThat(refusal(new Route.Fixed("127.0.0.1", 2525, TlsLevel.NONE)).diagnosis().status())
        .isEqualTo("5.4.6");
    assertThat(hosts(new Route.Fixed("127.0.0.1", 3525, TlsLevel.NONE))).hasSize(1);
  }

  @Test
  void takesAddressLiterals() {
    assertThat(hosts(new Route.ByMx("[192.0.2.1]"))).containsExactly("[192.0.2.1]");
    assertThat(hosts(new Route.ByMx("[IPv6:2001:db8::1]"))).hasSize(1);
    assertThat(refusal(new Route.ByMx("[nonsense]"))).isInstanceOf(Outcome.Failed.class);
    assertThat(refusal(new Route.ByMx("[127.0.0.1]")).diagnosis().status()).isEqualTo("5.4.6");
  }

  @Test
  void asksOnlyForABoundedNumberOfHosts() {
    String[] many = new String[20];
    for (int i = 0; i < many.length; i++) {
      many[i] = "h" + i + ".test";
      dns.host(many[i], "192.0.2." + i);
    }
    dns.mx("b.test", exchangers(many));
    assertThat(hosts(new Route.ByMx("b.test"))).hasSize(NextHops.HOSTS_MAX);
  }
}
