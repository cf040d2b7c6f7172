package dev.postrider.client.session;

import dev.postrider.client.accounts.Endpoint;
import java.util.List;
import java.util.Optional;

/**
 * What one port of a server says about itself.
 *
 * @param service {@code imap} or {@code smtp}
 * @param problem why nothing more is known, if so
 * @param greeting its first line
 * @param tlsVersion such as {@code TLSv1.3}; empty without TLS
 * @param untrusted why its certificate is not believed; absent when it is
 * @param capabilities after TLS, if there is TLS
 * @param mechanisms SASL mechanisms it offers, after TLS
 * @param plainMechanisms SASL mechanisms it offers before TLS: passwords at risk
 * @param connectMillis until the connection stood
 * @param greetingMillis from there to the greeting
 * @param tlsMillis for the TLS handshake
 */
public record PortReport(
    String service,
    Endpoint endpoint,
    Optional<String> problem,
    String greeting,
    String tlsVersion,
    String cipher,
    Optional<Certificate> certificate,
    Optional<String> untrusted,
    List<String> capabilities,
    List<String> mechanisms,
    List<String> plainMechanisms,
    long connectMillis,
    long greetingMillis,
    long tlsMillis) {

  public PortReport {
    capabilities = List.copyOf(capabilities);
    mechanisms = List.copyOf(mechanisms);
    plainMechanisms = List.copyOf(plainMechanisms);
  }

  /** Whether an account could use it: it answers, with a certificate that is believed. */
  public boolean usable() {
    return problem.isEmpty() && untrusted.isEmpty() && !tlsVersion.isEmpty();
  }
}
