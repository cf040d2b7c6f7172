package dev.postrider.testkit.dialog;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.security.GeneralSecurityException;
import java.security.cert.X509Certificate;
import java.time.Duration;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLSocket;
import javax.net.ssl.TrustManager;
import javax.net.ssl.X509TrustManager;

/**
 * A TCP connection, with TLS that trusts every certificate: the server under test signs its own.
 */
public final class SocketTransport implements Transport {

  private final InetSocketAddress address;
  private final Duration limit;
  private Socket socket;

  private SocketTransport(InetSocketAddress address, Duration limit) throws IOException {
    this.address = address;
    this.limit = limit;
    this.socket = new Socket();
    try {
      socket.connect(address, millis(limit));
      socket.setSoTimeout(millis(limit));
      socket.setTcpNoDelay(true);
    } catch (IOException e) {
      socket.close();
      throw e;
    }
  }

  /** Connects in the clear, with a limit of 10 s per read. */
  public static SocketTransport connect(InetSocketAddress address) throws IOException {
    return connect(address, Duration.ofSeconds(10));
  }

  /** Connects in the clear. */
  public static SocketTransport connect(InetSocketAddress address, Duration limit)
      throws IOException {
    return new SocketTransport(address, limit);
  }

  /** Connects with TLS from the start. */
  public static SocketTransport connectTls(InetSocketAddress address, Duration limit)
      throws IOException {
    SocketTransport transport = new SocketTransport(address, limit);
    transport.startTls();
    return transport;
  }

  @Override
  public InputStream in() {
    return stream(socket::getInputStream);
  }

  @Override
  public OutputStream out() {
    return stream(socket::getOutputStream);
  }

  @Override
  public void startTls() throws IOException {
    SSLSocket tls =
        (SSLSocket)
            trustingContext()
                .getSocketFactory()
                .createSocket(socket, address.getHostString(), address.getPort(), true);
    tls.setSoTimeout(millis(limit));
    tls.startHandshake();
    socket = tls;
  }

  @Override
  public void closeOutput() throws IOException {
    socket.shutdownOutput();
  }

  @Override
  public void close() throws IOException {
    socket.close();
  }

  /** A context that trusts every certificate. */
  public static SSLContext trustingContext() {
    try {
      SSLContext context = SSLContext.getInstance("TLS");
      context.init(null, new TrustManager[] {new TrustEverything()}, null);
      return context;
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("this JDK has no TLS", e);
    }
  }

  private static int millis(Duration limit) {
    return Math.toIntExact(limit.toMillis());
  }

  private interface Streams<T> {
    T get() throws IOException;
  }

  private static <T> T stream(Streams<T> streams) {
    try {
      return streams.get();
    } catch (IOException e) {
      throw new java.io.UncheckedIOException(e);
    }
  }

  private static final class TrustEverything implements X509TrustManager {
    @Override
    public void checkClientTrusted(X509Certificate[] chain, String authType) {}

    @Override
    public void checkServerTrusted(X509Certificate[] chain, String authType) {}

    @Override
    public X509Certificate[] getAcceptedIssuers() {
      return new X509Certificate[0];
    }
  }
}
