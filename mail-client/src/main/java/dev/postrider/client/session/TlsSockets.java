package dev.postrider.client.session;

import static java.nio.charset.StandardCharsets.US_ASCII;

import dev.postrider.client.ExitCode;
import dev.postrider.client.MailFailure;
import dev.postrider.client.accounts.Trust;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.MessageDigest;
import java.security.cert.Certificate;
import java.security.cert.CertificateEncodingException;
import java.security.cert.CertificateException;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.util.HexFormat;
import java.util.Properties;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLSocketFactory;
import javax.net.ssl.TrustManager;
import javax.net.ssl.TrustManagerFactory;
import javax.net.ssl.X509TrustManager;
import org.jspecify.annotations.Nullable;

/** TLS sockets that believe what an account's {@link Trust} says, and nothing else. */
final class TlsSockets {
  private TlsSockets() {}

  static SSLSocketFactory factory(Trust trust) throws MailFailure {
    try {
      if (trust instanceof Trust.Platform) {
        return SSLContext.getDefault().getSocketFactory();
      }
      SSLContext context = SSLContext.getInstance("TLS");
      context.init(null, new TrustManager[] {trustManager(trust)}, null);
      return context.getSocketFactory();
    } catch (GeneralSecurityException e) {
      throw unusable(e);
    }
  }

  /** What decides whether a certificate is believed. */
  static X509TrustManager trustManager(Trust trust) throws MailFailure {
    try {
      return switch (trust) {
        case Trust.Platform p -> pkix(null);
        case Trust.Authority a -> pkix(authorities(a.file()));
        case Trust.Fingerprint f -> new PinnedTrust(f.sha256());
      };
    } catch (GeneralSecurityException e) {
      throw unusable(e);
    }
  }

  private static MailFailure unusable(GeneralSecurityException e) {
    return new MailFailure(ExitCode.SOFTWARE, "TLS cannot be set up: " + e.getMessage())
        .causedBy(e);
  }

  /** Sets what Angus needs for TLS under a prefix such as {@code mail.imap}. */
  static void into(Properties properties, String prefix, Trust trust) throws MailFailure {
    properties.put(prefix + ".ssl.socketFactory", factory(trust));
    // Angus would otherwise try again with the factory of the platform, whatever the account
    // trusts.
    properties.setProperty(prefix + ".socketFactory.fallback", "false");
    boolean pinned = trust instanceof Trust.Fingerprint;
    properties.setProperty(prefix + ".ssl.checkserveridentity", Boolean.toString(!pinned));
    // TLS 1.0 and 1.1 are gone. RFC 8996 section 4.
    properties.setProperty(prefix + ".ssl.protocols", "TLSv1.3 TLSv1.2");
  }

  /** The usual check of a chain against some authorities; the platform's own for null. */
  private static X509TrustManager pkix(@Nullable KeyStore authorities)
      throws GeneralSecurityException {
    TrustManagerFactory factory =
        TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
    factory.init(authorities);
    for (TrustManager manager : factory.getTrustManagers()) {
      if (manager instanceof X509TrustManager x509) {
        return x509;
      }
    }
    throw new GeneralSecurityException("no X.509 trust manager");
  }

  private static KeyStore authorities(Path file) throws MailFailure, GeneralSecurityException {
    KeyStore store = KeyStore.getInstance("PKCS12");
    try (InputStream in = Files.newInputStream(file)) {
      store.load(null, null);
      int count = 0;
      for (Certificate c : CertificateFactory.getInstance("X.509").generateCertificates(in)) {
        store.setCertificateEntry("ca" + count++, c);
      }
      if (count == 0) {
        throw new MailFailure(ExitCode.CONFIG, file + " has no certificate in it");
      }
    } catch (IOException | CertificateException e) {
      throw new MailFailure(
              ExitCode.CONFIG,
              "cannot read the certificates in " + file + ": " + e.getMessage(),
              "the file must hold certificates in PEM form")
          .causedBy(e);
    }
    return store;
  }

  static String sha256(X509Certificate certificate) throws CertificateException {
    try {
      byte[] digest = MessageDigest.getInstance("SHA-256").digest(certificate.getEncoded());
      return HexFormat.of().formatHex(digest);
    } catch (GeneralSecurityException e) {
      throw new CertificateEncodingException(e);
    }
  }

  /** Believes one certificate. Its name and dates do not matter: it was chosen by hand. */
  private record PinnedTrust(String sha256) implements X509TrustManager {

    @Override
    public void checkServerTrusted(X509Certificate[] chain, String authType)
        throws CertificateException {
      String seen = TlsSockets.sha256(chain[0]);
      if (!MessageDigest.isEqual(seen.getBytes(US_ASCII), sha256.getBytes(US_ASCII))) {
        throw new CertificateException("its SHA-256 is " + seen + ", not the pinned one");
      }
    }

    @Override
    public void checkClientTrusted(X509Certificate[] chain, String authType)
        throws CertificateException {
      throw new CertificateException("not a server");
    }

    @Override
    public X509Certificate[] getAcceptedIssuers() {
      return new X509Certificate[0];
    }
  }
}
