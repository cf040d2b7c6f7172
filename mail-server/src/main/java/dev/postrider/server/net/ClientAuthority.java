package dev.postrider.server.net;

import dev.postrider.server.config.TlsConfig.CertifiedName;
import java.io.IOException;
import java.io.InputStream;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.cert.CertPathBuilder;
import java.security.cert.CertStore;
import java.security.cert.CertificateException;
import java.security.cert.CertificateFactory;
import java.security.cert.CertificateParsingException;
import java.security.cert.CollectionCertStoreParameters;
import java.security.cert.PKIXBuilderParameters;
import java.security.cert.TrustAnchor;
import java.security.cert.X509CertSelector;
import java.security.cert.X509Certificate;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Date;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.X509ExtendedTrustManager;
import org.bouncycastle.asn1.x500.RDN;
import org.bouncycastle.asn1.x500.X500Name;
import org.bouncycastle.asn1.x500.style.BCStyle;
import org.bouncycastle.asn1.x500.style.IETFUtils;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Who says which certificates of clients are good, and whom they name.
 *
 * <p>A handshake takes any certificate whose key the client has, as it takes none at all: whoever
 * shows one of another place by mistake can still log in with a password. What it is worth is
 * looked at afterwards. That it was revoked is not asked. Threads: any.
 */
final class ClientAuthority {

  /** RFC 5280 section 4.2.1.12. */
  private static final Set<String> FOR_CLIENTS = Set.of("1.3.6.1.5.5.7.3.2", "2.5.29.37.0");

  /** Of the tag of rfc822Name in RFC 5280 section 4.2.1.6. */
  private static final int RFC822_NAME = 1;

  /** Of one certificate; it may hold more. */
  private static final int NAMES_MAX = 20;

  private static final int DIGITAL_SIGNATURE = 0;

  private static final Logger log = LoggerFactory.getLogger(ClientAuthority.class);

  private final List<X509Certificate> authorities;
  private final CertifiedName name;
  private final InstantSource clock;

  private ClientAuthority(
      List<X509Certificate> authorities, CertifiedName name, InstantSource clock) {
    this.authorities = List.copyOf(authorities);
    this.name = name;
    this.clock = clock;
  }

  /** Reads certificates in PEM; a failure names the file and the remedy in one line. */
  static ClientAuthority read(Path file, CertifiedName name, InstantSource clock)
      throws TlsConfigException {
    try (InputStream in = Files.newInputStream(file)) {
      List<X509Certificate> authorities =
          CertificateFactory.getInstance("X.509").generateCertificates(in).stream()
              .map(X509Certificate.class::cast)
              .toList();
      if (authorities.isEmpty()) {
        throw new TlsConfigException(file + ": holds no certificate in PEM form");
      }
      return new ClientAuthority(authorities, name, clock);
    } catch (CertificateException e) {
      throw new TlsConfigException(file + ": holds no certificate that can be read", e);
    } catch (IOException e) {
      throw new TlsConfigException(file + ": " + e, e);
    }
  }

  /**
   * Lets every handshake pass. It names no authorities to clients: of those that are named, GnuTLS
   * takes none for a key of RSA in TLS 1.3, as the JDK asks for no signature of PKCS 1 there, but
   * it shows its only certificate where none is named.
   */
  static X509ExtendedTrustManager manager() {
    return new Anybody();
  }

  /**
   * What the holder of the first certificate is called, if the others lead from it to an authority;
   * else nothing. Never fails.
   */
  List<String> names(List<X509Certificate> shown) {
    X509Certificate leaf = shown.getFirst();
    try {
      requireForClients(leaf);
      X509CertSelector selector = new X509CertSelector();
      selector.setCertificate(leaf);
      PKIXBuilderParameters parameters =
          new PKIXBuilderParameters(
              authorities.stream()
                  .map(one -> new TrustAnchor(one, null))
                  .collect(Collectors.toSet()),
              selector);
      parameters.addCertStore(
          CertStore.getInstance("Collection", new CollectionCertStoreParameters(shown)));
      parameters.setRevocationEnabled(false);
      parameters.setDate(Date.from(clock.instant()));
      var _ = CertPathBuilder.getInstance("PKIX").build(parameters);
      return switch (name) {
        case EMAIL -> emails(leaf);
        case COMMON_NAME -> commonNames(leaf);
      };
    } catch (GeneralSecurityException | RuntimeException e) {
      log.info(
          "net.client-certificate-refused subject=\"{}\" cause=\"{}\"",
          leaf.getSubjectX500Principal().getName(),
          e.getMessage());
      return List.of();
    }
  }

  private static void requireForClients(X509Certificate leaf) throws CertificateException {
    List<String> purposes = leaf.getExtendedKeyUsage();
    if (purposes != null && purposes.stream().noneMatch(FOR_CLIENTS::contains)) {
      throw new CertificateException("it is not meant for clients");
    }
    boolean[] usage = leaf.getKeyUsage();
    if (usage != null && !usage[DIGITAL_SIGNATURE]) {
      throw new CertificateException("its key is not meant for signatures");
    }
  }

  private static List<String> emails(X509Certificate leaf) throws CertificateParsingException {
    List<String> emails = new ArrayList<>();
    Collection<List<?>> names = leaf.getSubjectAlternativeNames();
    for (List<?> one : names == null ? List.<List<?>>of() : names) {
      if (one.get(0).equals(RFC822_NAME)
          && one.get(1) instanceof String email
          && email.indexOf('@') > 0
          && emails.size() < NAMES_MAX) {
        emails.add(email);
      }
    }
    return List.copyOf(emails);
  }

  private static List<String> commonNames(X509Certificate leaf) {
    X500Name subject = X500Name.getInstance(leaf.getSubjectX500Principal().getEncoded());
    List<String> names = new ArrayList<>();
    for (RDN one : subject.getRDNs(BCStyle.CN)) {
      if (!one.isMultiValued() && names.size() < NAMES_MAX) {
        names.add(IETFUtils.valueToString(one.getFirst().getValue()));
      }
    }
    return List.copyOf(names);
  }

  private static final class Anybody extends X509ExtendedTrustManager {
    @Override
    public void checkClientTrusted(X509Certificate[] chain, String type) {}

    @Override
    public void checkClientTrusted(X509Certificate[] chain, String type, Socket socket) {}

    @Override
    public void checkClientTrusted(X509Certificate[] chain, String type, SSLEngine engine) {}

    @Override
    public void checkServerTrusted(X509Certificate[] chain, String type)
        throws CertificateException {
      throw new CertificateException("this is a server");
    }

    @Override
    public void checkServerTrusted(X509Certificate[] chain, String type, Socket socket)
        throws CertificateException {
      throw new CertificateException("this is a server");
    }

    @Override
    public void checkServerTrusted(X509Certificate[] chain, String type, SSLEngine engine)
        throws CertificateException {
      throw new CertificateException("this is a server");
    }

    @Override
    public X509Certificate[] getAcceptedIssuers() {
      return new X509Certificate[0];
    }
  }
}
