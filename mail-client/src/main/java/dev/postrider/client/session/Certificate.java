package dev.postrider.client.session;

import java.security.cert.CertificateException;
import java.security.cert.CertificateParsingException;
import java.security.cert.X509Certificate;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;

/**
 * A server's certificate, for people to look at.
 *
 * @param names the names it is for: subjectAltName entries
 * @param sha256 of its DER form, 64 lower-case hexadecimal digits
 */
public record Certificate(
    String subject,
    String issuer,
    List<String> names,
    Instant notBefore,
    Instant notAfter,
    String sha256) {

  public Certificate {
    names = List.copyOf(names);
  }

  static Certificate of(X509Certificate x509) throws CertificateException {
    return new Certificate(
        x509.getSubjectX500Principal().getName(),
        x509.getIssuerX500Principal().getName(),
        names(x509),
        x509.getNotBefore().toInstant(),
        x509.getNotAfter().toInstant(),
        TlsSockets.sha256(x509));
  }

  /** Names and IP addresses; other kinds do not identify a host. RFC 5280 section 4.2.1.6. */
  private static List<String> names(X509Certificate x509) throws CertificateParsingException {
    List<String> names = new ArrayList<>();
    Collection<List<?>> alternatives = x509.getSubjectAlternativeNames();
    if (alternatives != null) {
      for (List<?> entry : alternatives) {
        if (entry.get(1) instanceof String name) {
          names.add(name);
        }
      }
    }
    return names;
  }
}
