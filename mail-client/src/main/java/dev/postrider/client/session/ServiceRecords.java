package dev.postrider.client.session;

import dev.postrider.client.accounts.Endpoint;
import dev.postrider.client.accounts.TlsMode;
import java.util.Collections;
import java.util.Comparator;
import java.util.Hashtable;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import javax.naming.NamingException;
import javax.naming.directory.Attribute;
import javax.naming.directory.DirContext;
import javax.naming.directory.InitialDirContext;

/** Servers by SRV records, through the Java runtime's own DNS client. RFC 6186, RFC 8314. */
final class ServiceRecords {
  /** Milliseconds for the first try; the provider doubles it once. */
  private static final String TIMEOUT_MILLIS = "2000";

  /**
   * One SRV record. RFC 2782.
   *
   * @param priority lower is better
   */
  record Service(int priority, int port, String host) {

    /** {@code priority weight port target}; a target of "." says there is no such service. */
    static Optional<Service> parse(String record) {
      String[] words = record.strip().split("\\s+");
      boolean good =
          words.length == 4
              && words[0].matches("[0-9]{1,5}")
              && words[2].matches("[0-9]{1,5}")
              && words[3].matches("[A-Za-z0-9._-]+");
      if (!good || words[3].equals(".")) {
        return Optional.empty();
      }
      String host = words[3].replaceFirst("\\.$", "");
      return Optional.of(new Service(Integer.parseInt(words[0]), Integer.parseInt(words[2]), host));
    }
  }

  Optional<Discovered> find(String address, String domain) throws NamingException {
    Optional<Endpoint> imap = best("imaps", "imap", domain);
    Optional<Endpoint> smtp = best("submissions", "submission", domain);
    return imap.isPresent() && smtp.isPresent()
        ? Optional.of(new Discovered(imap.get(), smtp.get(), address, "srv"))
        : Optional.empty();
  }

  private static Optional<Endpoint> best(String tlsName, String startTlsName, String domain)
      throws NamingException {
    Optional<Endpoint> tls =
        lookUp(tlsName, domain).map(s -> new Endpoint(s.host(), s.port(), TlsMode.TLS));
    return tls.isPresent()
        ? tls
        : lookUp(startTlsName, domain).map(s -> new Endpoint(s.host(), s.port(), TlsMode.STARTTLS));
  }

  /** The DNS provider returns strings and builds no objects from what it receives. */
  @SuppressWarnings({"BanJNDI", "JdkObsolete"})
  private static Optional<Service> lookUp(String service, String domain) throws NamingException {
    Hashtable<String, String> environment = new Hashtable<>();
    environment.put("java.naming.factory.initial", "com.sun.jndi.dns.DnsContextFactory");
    environment.put("com.sun.jndi.dns.timeout.initial", TIMEOUT_MILLIS);
    environment.put("com.sun.jndi.dns.timeout.retries", "2");
    DirContext context = new InitialDirContext(environment);
    try {
      Attribute records =
          context.getAttributes("_" + service + "._tcp." + domain, new String[] {"SRV"}).get("SRV");
      if (records == null) {
        return Optional.empty();
      }
      List<?> values = Collections.list(records.getAll());
      return values.stream()
          .map(v -> Service.parse(Objects.toString(v)))
          .flatMap(Optional::stream)
          .min(Comparator.comparingInt(Service::priority));
    } catch (javax.naming.NameNotFoundException e) {
      return Optional.empty();
    } finally {
      context.close();
    }
  }
}
