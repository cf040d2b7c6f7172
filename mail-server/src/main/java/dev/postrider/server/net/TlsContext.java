package dev.postrider.server.net;

import dev.postrider.server.config.TlsConfig;
import java.io.IOException;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.MessageDigest;
import java.security.cert.X509Certificate;
import java.time.InstantSource;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.SSLParameters;
import javax.net.ssl.TrustManager;

/**
 * The server's certificate and what it accepts of TLS: versions 1.2 and 1.3, and only suites with
 * forward secrecy and authenticated encryption (RFC 9325 section 3.1 and section 4.2), in the
 * server's order.
 */
public final class TlsContext {

  private static final String[] PROTOCOLS = {"TLSv1.3", "TLSv1.2"};

  private static final List<String> SUITES =
      List.of(
          "TLS_AES_256_GCM_SHA384",
          "TLS_AES_128_GCM_SHA256",
          "TLS_CHACHA20_POLY1305_SHA256",
          "TLS_ECDHE_ECDSA_WITH_AES_256_GCM_SHA384",
          "TLS_ECDHE_RSA_WITH_AES_256_GCM_SHA384",
          "TLS_ECDHE_ECDSA_WITH_AES_128_GCM_SHA256",
          "TLS_ECDHE_RSA_WITH_AES_128_GCM_SHA256",
          "TLS_ECDHE_ECDSA_WITH_CHACHA20_POLY1305_SHA256",
          "TLS_ECDHE_RSA_WITH_CHACHA20_POLY1305_SHA256");

  /** Such as in SHA256withECDSA. */
  private static final Pattern HASH_OF_SIGNATURE =
      Pattern.compile("(MD5|SHA1|SHA224|SHA256|SHA384|SHA512)WITH");

  private final SSLContext context;
  private final X509Certificate certificate;
  private final String[] suites;
  private final Optional<ClientAuthority> clients;

  private TlsContext(
      SSLContext context, X509Certificate certificate, Optional<ClientAuthority> clients) {
    this.context = context;
    this.certificate = certificate;
    this.clients = clients;
    List<String> known = Arrays.asList(context.getSupportedSSLParameters().getCipherSuites());
    this.suites = SUITES.stream().filter(known::contains).toArray(String[]::new);
  }

  /**
   * Reads the files of {@code config}; without them the self-signed pair in {@code tls/} of the
   * data directory, which is made if it is not there.
   *
   * @throws TlsConfigException with one line for the operator
   */
  public static TlsContext load(
      TlsConfig config, Path dataDirectory, String hostname, InstantSource clock)
      throws TlsConfigException {
    Optional<Path> authority = config.clientAuthority();
    return of(
        keyPair(config, dataDirectory.resolve("tls"), hostname, clock),
        authority.isPresent()
            ? Optional.of(ClientAuthority.read(authority.get(), config.certifiedName(), clock))
            : Optional.empty());
  }

  private static KeyPairFiles keyPair(
      TlsConfig config, Path directory, String hostname, InstantSource clock)
      throws TlsConfigException {
    Optional<Path> certificate = config.certificate();
    Optional<Path> key = config.key();
    if (certificate.isPresent() && key.isPresent()) {
      return KeyPairFiles.read(certificate.get(), key.get(), clock.instant());
    }
    if (certificate.isPresent() || key.isPresent()) {
      throw new TlsConfigException("[tls] needs both certificate and key, or neither");
    }
    return SelfSigned.readOrMake(directory, hostname, clock.instant());
  }

  private static TlsContext of(KeyPairFiles pair, Optional<ClientAuthority> clients)
      throws TlsConfigException {
    try {
      KeyStore store = KeyStore.getInstance("PKCS12");
      store.load(null, null);
      char[] none = new char[0];
      store.setKeyEntry("server", pair.key(), none, pair.chain().toArray(X509Certificate[]::new));
      KeyManagerFactory keys =
          KeyManagerFactory.getInstance(KeyManagerFactory.getDefaultAlgorithm());
      keys.init(store, none);
      SSLContext context = SSLContext.getInstance("TLS");
      TrustManager[] trust =
          clients.map(one -> new TrustManager[] {ClientAuthority.manager()}).orElse(null);
      context.init(keys.getKeyManagers(), trust, null);
      return new TlsContext(context, pair.chain().getFirst(), clients);
    } catch (IOException | GeneralSecurityException e) {
      throw new TlsConfigException("the certificate cannot be used: " + e.getMessage(), e);
    }
  }

  /** The leaf certificate, for whoever shows it to the operator. */
  public X509Certificate certificate() {
    return certificate;
  }

  /**
   * The hash of the certificate that names the server's end. RFC 5929 section 4.1. Empty where the
   * signature of the certificate has no hash of its own, or more than one.
   */
  Optional<byte[]> endPoint() {
    String signature = certificate.getSigAlgName().toUpperCase(Locale.ROOT);
    Matcher hash = HASH_OF_SIGNATURE.matcher(signature);
    if (!hash.lookingAt()) {
      return Optional.empty();
    }
    boolean old = hash.group(1).equals("MD5") || hash.group(1).equals("SHA1");
    String name = old ? "SHA-256" : hash.group(1).replace("SHA", "SHA-");
    try {
      return Optional.of(MessageDigest.getInstance(name).digest(certificate.getEncoded()));
    } catch (GeneralSecurityException e) {
      return Optional.empty();
    }
  }

  /** What a client is called by the certificate that it showed; nothing without a good one. */
  List<String> namesOf(List<X509Certificate> shown) {
    return shown.isEmpty() ? List.of() : clients.map(one -> one.names(shown)).orElse(List.of());
  }

  /** {@code forLogins}: on connections where a client may be asked for a certificate. */
  SSLEngine serverEngine(boolean forLogins) {
    SSLEngine engine = context.createSSLEngine();
    engine.setUseClientMode(false);
    SSLParameters parameters = engine.getSSLParameters();
    parameters.setProtocols(PROTOCOLS.clone());
    parameters.setCipherSuites(suites.clone());
    parameters.setUseCipherSuitesOrder(true);
    parameters.setWantClientAuth(forLogins && clients.isPresent());
    engine.setSSLParameters(parameters);
    return engine;
  }
}
