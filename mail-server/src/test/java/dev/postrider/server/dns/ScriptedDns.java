package dev.postrider.server.dns;

import java.net.InetAddress;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/** A DNS that knows what a test tells it; any other name does not exist. */
public final class ScriptedDns implements Dns {

  private final Map<String, MxAnswer> mx = new ConcurrentHashMap<>();
  private final Map<String, AddressAnswer> addresses = new ConcurrentHashMap<>();

  public ScriptedDns mx(String domain, MxAnswer answer) {
    mx.put(domain, answer);
    return this;
  }

  /** One exchanger, of preference 10. */
  public ScriptedDns mx(String domain, String host) {
    return mx(domain, new MxAnswer.Found(List.of(new MailExchanger(10, host))));
  }

  public ScriptedDns host(String host, AddressAnswer answer) {
    addresses.put(host, answer);
    return this;
  }

  public ScriptedDns host(String host, String... literals) {
    List<InetAddress> all = Arrays.stream(literals).map(InetAddress::ofLiteral).toList();
    return host(host, new AddressAnswer.Found(all));
  }

  @Override
  public MxAnswer mx(String domain) {
    return mx.getOrDefault(
        domain,
        addresses.containsKey(domain) ? new MxAnswer.NoRecords() : new MxAnswer.NoSuchDomain());
  }

  @Override
  public AddressAnswer addresses(String host) {
    return addresses.getOrDefault(host, new AddressAnswer.NoSuchDomain());
  }
}
