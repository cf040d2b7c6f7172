package dev.postrider.server.config;

import java.nio.file.Path;
import java.util.Optional;

/**
 * What TLS shows, and what it asks for.
 *
 * @param certificate PEM file of the certificate chain, with {@code key}; empty: a self-signed pair
 *     is made
 * @param clientAuthority PEM file of those who sign certificates of clients; empty: clients are not
 *     asked for any
 * @param certifiedName what in such a certificate names an account
 */
public record TlsConfig(
    Optional<Path> certificate,
    Optional<Path> key,
    Optional<Path> clientAuthority,
    CertifiedName certifiedName) {

  /** Without certificates of clients. */
  public TlsConfig(Optional<Path> certificate, Optional<Path> key) {
    this(certificate, key, Optional.empty(), CertifiedName.EMAIL);
  }

  /** Which part of a certificate. */
  public enum CertifiedName {
    /** Every rfc822Name among the alternative names. RFC 5280 section 4.2.1.6. */
    EMAIL,
    /** The common name of the subject. */
    COMMON_NAME
  }
}
