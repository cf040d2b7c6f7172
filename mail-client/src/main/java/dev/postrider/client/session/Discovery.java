package dev.postrider.client.session;

import dev.postrider.client.ExitCode;
import dev.postrider.client.MailFailure;
import dev.postrider.client.accounts.Endpoint;
import dev.postrider.client.accounts.TlsMode;
import dev.postrider.client.accounts.Trust;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/** Finds the servers of an address. */
public final class Discovery {
  private final Trust trust;
  private final Timeouts timeouts;

  public Discovery(Trust trust, Timeouts timeouts) {
    this.trust = trust;
    this.timeouts = timeouts;
  }

  /** The servers of a mail address. */
  public Discovered find(String address) throws MailFailure {
    String domain = address.substring(address.lastIndexOf('@') + 1).toLowerCase(Locale.ROOT);
    Optional<Endpoint> imap = guess(List.of("imap." + domain, "mail." + domain, domain), 993);
    Optional<Endpoint> smtp = guess(List.of("smtp." + domain, "mail." + domain, domain), 465);
    if (imap.isEmpty() || smtp.isEmpty()) {
      throw new MailFailure(
          ExitCode.CONFIG,
          "the servers of " + domain + " were not found",
          "name them with --imap-host and --smtp-host");
    }
    return new Discovered(imap.get(), smtp.get(), address, "guess");
  }

  private Optional<Endpoint> guess(List<String> hosts, int port) {
    for (String host : hosts) {
      Endpoint endpoint = new Endpoint(host, port, TlsMode.TLS);
      if (Probe.answers(endpoint, trust, timeouts)) {
        return Optional.of(endpoint);
      }
    }
    return Optional.empty();
  }
}
