package dev.postrider.server.relay;

import java.net.Socket;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.SecureRandom;
import java.security.cert.X509Certificate;
import java.util.Optional;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.TrustManager;
import javax.net.ssl.TrustManagerFactory;
import javax.net.ssl.X509ExtendedTrustManager;

/** Whom we believe when we speak TLS to a peer. */
final class PeerTls {

  private final SSLContext any;
  private final SSLContext verified;

  private PeerTls(SSLContext any, SSLContext verified) {
    this.any = any;
    this.verified = verified;
  }

  /**
   * @param authorities whom to trust where a route requires TLS; empty: those of the JDK
   */
  static PeerTls trusting(Optional<KeyStore> authorities) {
    try {
      TrustManagerFactory factory =
          TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
      factory.init(authorities.orElse(null));
      return new PeerTls(
          context(new TrustManager[] {new TrustsAnybody()}), context(factory.getTrustManagers()));
    } catch (GeneralSecurityException impossible) {
      throw new IllegalStateException("the JDK has no TLS", impossible);
    }
  }

  private static SSLContext context(TrustManager[] trust) throws GeneralSecurityException {
    SSLContext context = SSLContext.getInstance("TLS");
    context.init(null, trust, new SecureRandom());
    return context;
  }

  /** For opportunistic TLS: against those who only listen. RFC 7435 section 3. */
  SSLContext any() {
    return any;
  }

  /** For required TLS. */
  SSLContext verified() {
    return verified;
  }

  /**
   * Accepts every certificate. Where TLS is opportunistic the alternative is no TLS at all, and
   * mail servers' certificates are seldom valid for the name in the MX record, so a check would
   * only turn encryption into plain text.
   */
  private static final class TrustsAnybody extends X509ExtendedTrustManager {
    @Override
    public void checkClientTrusted(X509Certificate[] chain, String type, Socket socket) {}

    @Override
    public void checkServerTrusted(X509Certificate[] chain, String type, Socket socket) {}

    @Override
    public void checkClientTrusted(X509Certificate[] chain, String type, SSLEngine engine) {}

    @Override
    public void checkServerTrusted(X509Certificate[] chain, String type, SSLEngine engine) {}

    @Override
    public void checkClientTrusted(X509Certificate[] chain, String type) {}

    @Override
    public void checkServerTrusted(X509Certificate[] chain, String type) {}

    @Override
    public X509Certificate[] getAcceptedIssuers() {
      return new X509Certificate[0];
    }
  }
}
