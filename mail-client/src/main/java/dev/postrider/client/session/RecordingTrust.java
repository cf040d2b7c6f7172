package dev.postrider.client.session;

import java.net.Socket;
import java.security.cert.CertificateException;
import java.security.cert.X509Certificate;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.X509ExtendedTrustManager;
import javax.net.ssl.X509TrustManager;
import org.jspecify.annotations.Nullable;

/**
 * Lets every certificate pass and remembers what the real judge says of it. Only for {@link Probe},
 * which shows certificates and sends no secrets.
 */
final class RecordingTrust extends X509ExtendedTrustManager {
  private final X509TrustManager judge;
  private @Nullable X509Certificate leaf;
  private @Nullable String problem;

  RecordingTrust(X509TrustManager judge) {
    this.judge = judge;
  }

  @Nullable X509Certificate leaf() {
    return leaf;
  }

  @Nullable String problem() {
    return problem;
  }

  @Override
  public void checkServerTrusted(X509Certificate[] chain, String authType, Socket socket) {
    leaf = chain[0];
    try {
      if (judge instanceof X509ExtendedTrustManager extended) {
        extended.checkServerTrusted(chain, authType, socket);
      } else {
        judge.checkServerTrusted(chain, authType);
      }
    } catch (CertificateException e) {
      problem = Failures.certificateProblem(String.valueOf(e.getMessage()));
    }
  }

  @Override
  public void checkServerTrusted(X509Certificate[] chain, String authType, SSLEngine engine)
      throws CertificateException {
    throw new CertificateException("sockets only");
  }

  @Override
  public void checkServerTrusted(X509Certificate[] chain, String authType)
      throws CertificateException {
    throw new CertificateException("sockets only");
  }

  @Override
  public void checkClientTrusted(X509Certificate[] chain, String authType, Socket socket)
      throws CertificateException {
    throw new CertificateException("no server");
  }

  @Override
  public void checkClientTrusted(X509Certificate[] chain, String authType, SSLEngine engine)
      throws CertificateException {
    throw new CertificateException("no server");
  }

  @Override
  public void checkClientTrusted(X509Certificate[] chain, String authType)
      throws CertificateException {
    throw new CertificateException("no server");
  }

  @Override
  public X509Certificate[] getAcceptedIssuers() {
    return new X509Certificate[0];
  }
}
