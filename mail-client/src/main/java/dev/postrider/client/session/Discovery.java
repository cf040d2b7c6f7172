package dev.postrider.client.session;

import dev.postrider.client.ExitCode;
import dev.postrider.client.MailFailure;
import dev.postrider.client.accounts.Endpoint;
import dev.postrider.client.accounts.TlsMode;
import dev.postrider.client.accounts.Trust;
import java.io.IOException;
import java.io.InputStream;
import java.net.ProxySelector;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import javax.naming.NamingException;

/**
 * Finds the servers of an address. All ways are tried at once, and of those that lead somewhere the
 * first in this order is taken: the domain's own autoconfig over https, its SRV records (RFC 6186
 * section 3.4, RFC 8314 section 5.1), its autoconfig over http, Mozilla's list of providers, usual
 * host names that answer with a certificate that is believed.
 *
 * <p>What comes over http or plain DNS may be forged, and would send a password to a stranger. Such
 * an answer counts only when its servers lie in the address's own domain, where TLS then proves who
 * they are.
 */
public final class Discovery {
  private static final Duration WAY_MAX = Duration.ofSeconds(5);
  private static final Duration ALL_MAX = Duration.ofSeconds(12);
  private static final int XML_OCTETS_MAX = 1 << 18;
  private static final String PROVIDERS = "https://autoconfig.thunderbird.net/v1.1/";

  private final Trust trust;
  private final Timeouts timeouts;
  private final InstantSource clock;
  private final Network network;

  /** What answers questions about a domain. */
  record Network(ProxySelector proxies, Records records) {

    /** The way over SRV records. */
    @FunctionalInterface
    interface Records {
      Optional<Discovered> find(String address, String domain) throws NamingException;
    }
  }

  public Discovery(Trust trust, Timeouts timeouts, InstantSource clock) {
    this(
        trust,
        timeouts,
        clock,
        new Network(ProxySelector.getDefault(), new ServiceRecords()::find));
  }

  Discovery(Trust trust, Timeouts timeouts, InstantSource clock, Network network) {
    this.trust = trust;
    this.timeouts = timeouts;
    this.clock = clock;
    this.network = network;
  }

  /** The servers of a mail address. */
  public Discovered find(String address) throws MailFailure {
    String domain = address.substring(address.lastIndexOf('@') + 1).toLowerCase(Locale.ROOT);
    String query = "?emailaddress=" + URLEncoder.encode(address, StandardCharsets.UTF_8);
    String path = "/mail/config-v1.1.xml";
    List<Callable<Optional<Discovered>>> ways = new ArrayList<>();
    ways.add(() -> fetch("https://autoconfig." + domain + path + query, address));
    ways.add(() -> fetch("https://" + domain + "/.well-known/autoconfig" + path + query, address));
    ways.add(() -> network.records().find(address, domain).filter(f -> within(f, domain)));
    ways.add(
        () -> fetch("http://autoconfig." + domain + path, address).filter(f -> within(f, domain)));
    ways.add(
        () ->
            fetch("http://" + domain + "/.well-known/autoconfig" + path, address)
                .filter(f -> within(f, domain)));
    ways.add(() -> fetch(PROVIDERS + domain, address));
    ways.add(() -> guess(address, domain));
    return firstOf(ways)
        .orElseThrow(
            () ->
                new MailFailure(
                    ExitCode.CONFIG,
                    "the servers of " + domain + " were not found",
                    "name them with --imap-host and --smtp-host"));
  }

  /** Whether forgery is ruled out by the host names: TLS will check them. */
  static boolean within(Discovered found, String domain) {
    return within(found.imap().host(), domain) && within(found.smtp().host(), domain);
  }

  private static boolean within(String host, String domain) {
    return host.equalsIgnoreCase(domain)
        || host.toLowerCase(Locale.ROOT).endsWith("." + domain.toLowerCase(Locale.ROOT));
  }

  private static Optional<Discovered> firstOf(List<Callable<Optional<Discovered>>> ways) {
    ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();
    try {
      List<Future<Optional<Discovered>>> running = ways.stream().map(threads::submit).toList();
      for (Future<Optional<Discovered>> way : running) {
        Optional<Discovered> found = outcome(way);
        if (found.isPresent()) {
          return found;
        }
      }
      return Optional.empty();
    } finally {
      // Not close(): that would wait for the ways nobody needs any more.
      threads.shutdown();
    }
  }

  private static Optional<Discovered> outcome(Future<Optional<Discovered>> way) {
    try {
      return way.get(ALL_MAX.toMillis(), TimeUnit.MILLISECONDS);
    } catch (ExecutionException | TimeoutException | InterruptedException e) {
      return Optional.empty();
    }
  }

  private Optional<Discovered> fetch(String url, String address)
      throws IOException, InterruptedException {
    try (HttpClient client =
        HttpClient.newBuilder()
            .proxy(network.proxies())
            .connectTimeout(WAY_MAX)
            .followRedirects(HttpClient.Redirect.NORMAL)
            .build()) {
      HttpRequest request = HttpRequest.newBuilder(URI.create(url)).timeout(WAY_MAX).build();
      HttpResponse<InputStream> response =
          client.send(request, HttpResponse.BodyHandlers.ofInputStream());
      try (InputStream body = response.body()) {
        if (response.statusCode() != 200) {
          return Optional.empty();
        }
        String xml = new String(body.readNBytes(XML_OCTETS_MAX), StandardCharsets.UTF_8);
        return AutoconfigXml.parse(xml, address, url.replaceFirst("\\?.*", ""));
      }
    }
  }

  private Optional<Discovered> guess(String address, String domain) throws MailFailure {
    Probe probe = new Probe(trust, timeouts.withRead(WAY_MAX), clock);
    Optional<Endpoint> imap = Optional.empty();
    Optional<Endpoint> smtp = Optional.empty();
    for (String host : List.of("imap." + domain, "mail." + domain, domain)) {
      imap = imap.or(() -> usable(probe, host, "imap"));
    }
    for (String host : List.of("smtp." + domain, "mail." + domain, domain)) {
      smtp = smtp.or(() -> usable(probe, host, "smtp"));
    }
    return imap.isPresent() && smtp.isPresent()
        ? Optional.of(new Discovered(imap.get(), smtp.get(), address, "guess"))
        : Optional.empty();
  }

  private static Optional<Endpoint> usable(Probe probe, String host, String service) {
    boolean isImap = service.equals("imap");
    List<Endpoint> candidates =
        List.of(
            new Endpoint(host, isImap ? 993 : 465, TlsMode.TLS),
            new Endpoint(host, isImap ? 143 : 587, TlsMode.STARTTLS));
    for (Endpoint candidate : candidates) {
      try {
        PortReport report = isImap ? probe.imap(candidate) : probe.smtp(candidate);
        if (report.usable()) {
          return Optional.of(candidate);
        }
      } catch (MailFailure e) {
        return Optional.empty();
      }
    }
    return Optional.empty();
  }
}
