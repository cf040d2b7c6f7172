package dev.postrider.server.relay;

import dev.postrider.protocol.text.LineReader;
import dev.postrider.server.net.TlsFacts;
import java.io.BufferedOutputStream;
import java.io.Closeable;
import java.io.IOException;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.channels.SocketChannel;
import java.time.Duration;
import java.util.Optional;
import java.util.function.Consumer;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLParameters;
import javax.net.ssl.SSLSession;
import javax.net.ssl.SSLSocket;
import org.jspecify.annotations.Nullable;

/**
 * Octets to and from a peer, in the clear or encrypted. Used by one thread.
 *
 * <p>Time is kept by stages: {@link #stage} says what is being done and how long it may take,
 * {@link #whole} how long all of it may take. When either is over, the watchdog closes the channel,
 * which makes the read or write under way fail; {@link #overdue} then tells that it was us.
 */
final class PeerConnection implements Closeable {

  /** A block of a message's body; each has a time limit of its own. */
  static final int BLOCK_OCTETS = 32 * 1024;

  private final SocketChannel channel;
  private final Watchdog watchdog;
  private final Consumer<SocketChannel> onClose;
  private final InetSocketAddress remote;
  private LineReader in;
  private OutputStream out;
  private @Nullable SSLSocket tlsSocket;
  private @Nullable TlsFacts tls;
  private Watchdog.Watch stageWatch = () -> {};
  private Watchdog.Watch wholeWatch = () -> {};
  private String stage = "connecting";
  private volatile boolean overdue;

  PeerConnection(SocketChannel channel, Watchdog watchdog, Consumer<SocketChannel> onClose)
      throws IOException {
    this.channel = channel;
    this.watchdog = watchdog;
    this.onClose = onClose;
    this.remote = (InetSocketAddress) channel.getRemoteAddress();
    Socket socket = channel.socket();
    this.in = new LineReader(socket.getInputStream());
    this.out = new BufferedOutputStream(socket.getOutputStream(), BLOCK_OCTETS);
  }

  InetAddress remoteAddress() {
    return remote.getAddress();
  }

  LineReader in() {
    return in;
  }

  /** Buffered until flushed. */
  OutputStream out() {
    return out;
  }

  Optional<TlsFacts> tls() {
    return Optional.ofNullable(tls);
  }

  /** Begins a stage, which ends the one before. {@code doing} completes "while …". */
  void stage(String doing, Duration atMost) {
    stageWatch.cancel();
    stage = doing;
    stageWatch = watchdog.watch(atMost, this::bite);
  }

  /** Ends the stage; nothing is expected of the peer now. */
  void rest() {
    stageWatch.cancel();
    wholeWatch.cancel();
  }

  /** Begins something of several stages. */
  void whole(Duration atMost) {
    wholeWatch.cancel();
    wholeWatch = watchdog.watch(atMost, this::bite);
  }

  private void bite() {
    overdue = true;
    Quietly.close(channel);
  }

  /** Whether the peer took too long. */
  boolean overdue() {
    return overdue;
  }

  /** What was being done last, to complete "while …". */
  String stage() {
    return stage;
  }

  /**
   * Makes the handshake as the client. The caller has read the positive reply to STARTTLS and
   * nothing beyond it: RFC 3207 section 4.2 demands that what came in the clear is forgotten.
   *
   * @param verifiedName name that the certificate must have; empty: any
   */
  void startTls(SSLContext context, String host, Optional<String> verifiedName) throws IOException {
    if (in.buffered() > 0) {
      throw new IOException("octets in the clear after the reply to STARTTLS");
    }
    SSLSocket socket =
        (SSLSocket)
            context.getSocketFactory().createSocket(channel.socket(), host, remote.getPort(), true);
    SSLParameters parameters = socket.getSSLParameters();
    if (verifiedName.isPresent()) {
      // RFC 2818's way of matching names, which is what RFC 8461 and RFC 6125 ask for in mail too.
      parameters.setEndpointIdentificationAlgorithm("HTTPS");
    }
    socket.setSSLParameters(parameters);
    socket.startHandshake();
    SSLSession session = socket.getSession();
    tlsSocket = socket;
    tls = new TlsFacts(session.getProtocol(), session.getCipherSuite());
    in = new LineReader(socket.getInputStream());
    out = new BufferedOutputStream(socket.getOutputStream(), BLOCK_OCTETS);
  }

  /** Closes with TLS's goodbye; the caller has begun a stage for it. */
  void closeGently() {
    SSLSocket socket = tlsSocket;
    if (socket != null) {
      Quietly.close(socket);
    }
    close();
  }

  @Override
  public void close() {
    stageWatch.cancel();
    wholeWatch.cancel();
    Quietly.close(channel);
    onClose.accept(channel);
  }
}
