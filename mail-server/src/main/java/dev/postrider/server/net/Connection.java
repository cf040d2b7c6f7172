package dev.postrider.server.net;

import dev.postrider.protocol.sasl.ChannelBinding;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/**
 * One accepted connection, as its session sees it. The session reads and writes on its own virtual
 * thread; while a thread reads, another one may write.
 */
public interface Connection extends AutoCloseable {

  /** Names the connection in logs and in Received headers; unique while the server runs. */
  String id();

  InetSocketAddress remote();

  InetSocketAddress local();

  /** How it is encrypted; empty when it is not. */
  Optional<TlsFacts> tls();

  /**
   * What the peer sends, unbuffered: nothing is read ahead of what is asked for, but for the TLS
   * record it came in. The same object before and after {@link #startTls}.
   *
   * <p>A read fails with {@link java.net.SocketTimeoutException} when the peer is silent for longer
   * than {@link #readTimeout(Duration)}; the connection stays usable, for a last reply.
   */
  InputStream in();

  /**
   * To the peer, buffered until {@link OutputStream#flush}. A peer that does not read makes a write
   * fail after the write timeout, and the connection is dead then.
   */
  OutputStream out();

  /** How long a read may wait for the first octet. */
  void readTimeout(Duration atMost);

  /**
   * Makes the TLS handshake as the server. The caller has flushed its reply and holds no octet that
   * it read in the clear: what the peer sent before the handshake must not be taken for commands
   * (RFC 3207 section 4.2, RFC 3501 section 6.2.1).
   */
  TlsFacts startTls() throws IOException;

  /** Whether {@link #channelBinding} has anything to say. */
  default boolean isBindable() {
    return false;
  }

  /** What names this TLS connection at both its ends. RFC 5056. */
  default Optional<byte[]> channelBinding(ChannelBinding binding) {
    return Optional.empty();
  }

  /** What the peer is called by a certificate that it showed and that is good; else nothing. */
  default List<String> certifiedNames() {
    return List.of();
  }

  /** Ends it. Flushes nothing. May be called by any thread, to end a session from outside. */
  @Override
  void close();
}
