package dev.postrider.server.net;

import dev.postrider.protocol.sasl.ChannelBinding;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.net.InetSocketAddress;
import java.net.SocketException;
import java.net.SocketTimeoutException;
import java.nio.ByteBuffer;
import java.nio.channels.SocketChannel;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.ScheduledFuture;
import org.jspecify.annotations.Nullable;

/**
 * A {@link Connection} over a socket.
 *
 * <p>The streams stay the same while TLS is put under them: {@link #tls} is null before {@link
 * #startTls} and set once, by the session's thread, when nobody else reads or writes. What is
 * written collects in a borrowed buffer of one record's size, which goes back when it is flushed.
 */
final class SocketConnection implements Connection {

  /** How much a flush or a full buffer hands to TLS at once: the plain text of one record. */
  private static final int CHUNK_OCTETS = 16_384;

  /** How long the peer may take to close its side after ours, so that it gets our last reply. */
  private static final Duration LINGER = Duration.ofSeconds(2);

  /** What a peer may send meanwhile; it is thrown away. */
  private static final int LINGER_OCTETS_MAX = 1024 * 1024;

  /** First octet of a TLS handshake record; no command of SMTP or IMAP starts with it. */
  private static final int TLS_HANDSHAKE = 22;

  /** What connections share. */
  record Shared(
      Deadlines deadlines,
      BufferPool buffers,
      TlsContext tls,
      Duration writeTimeout,
      Duration handshakeTimeout) {}

  private final String id;
  private final InetSocketAddress remote;
  private final InetSocketAddress local;
  private final Wire wire;
  private final Shared shared;
  private final boolean forLogins;
  private final In in = new In();
  private final Out out = new Out();

  private @Nullable TlsLayer tls;
  private volatile @Nullable TlsFacts tlsFacts;
  private volatile List<String> certifiedNames = List.of();

  /** {@code forLogins}: whether people log in there. */
  SocketConnection(String id, SocketChannel channel, Shared shared, boolean forLogins)
      throws IOException {
    this.id = id;
    this.forLogins = forLogins;
    this.remote = (InetSocketAddress) channel.getRemoteAddress();
    this.local = (InetSocketAddress) channel.getLocalAddress();
    this.shared = shared;
    this.wire = new Wire(channel, shared.deadlines(), shared.writeTimeout());
  }

  @Override
  public String id() {
    return id;
  }

  @Override
  public InetSocketAddress remote() {
    return remote;
  }

  @Override
  public InetSocketAddress local() {
    return local;
  }

  @Override
  public Optional<TlsFacts> tls() {
    return Optional.ofNullable(tlsFacts);
  }

  @Override
  public boolean isBindable() {
    TlsLayer layer = tls;
    return layer != null && layer.exporter().isPresent();
  }

  @Override
  public Optional<byte[]> channelBinding(ChannelBinding binding) {
    TlsLayer layer = tls;
    Optional<byte[]> exporter = layer == null ? Optional.empty() : layer.exporter();
    return switch (binding) {
      case TLS_EXPORTER -> exporter;
      case TLS_SERVER_END_POINT -> exporter.flatMap(present -> shared.tls().endPoint());
    };
  }

  @Override
  public List<String> certifiedNames() {
    return certifiedNames;
  }

  @Override
  public InputStream in() {
    return in;
  }

  @Override
  public OutputStream out() {
    return out;
  }

  @Override
  public void readTimeout(Duration atMost) {
    try {
      wire.readTimeout(atMost);
    } catch (SocketException e) {
      if (wire.isOpen()) {
        throw new UncheckedIOException(e);
      }
      // Closed by another thread: the next read says so.
    }
  }

  @Override
  public TlsFacts startTls() throws IOException {
    if (tls != null) {
      throw new IllegalStateException("TLS is on already");
    }
    if (out.buffer != null) {
      throw new IllegalStateException("flush before the handshake");
    }
    TlsLayer layer = new TlsLayer(wire, shared.tls().serverEngine(forLogins), shared.buffers());
    Duration readTimeout = wire.readTimeout();
    Duration limit = shared.handshakeTimeout();
    wire.readTimeout(limit);
    // A peer that sends an octet now and then never runs into the read timeout.
    ScheduledFuture<?> deadline = shared.deadlines().after(limit, wire::abort);
    TlsFacts facts;
    try {
      facts = layer.handshake();
    } catch (SocketTimeoutException e) {
      throw new SocketTimeoutException("the TLS handshake took longer than " + limit);
    } catch (SocketException e) {
      if (deadline.isDone()) {
        throw new SocketTimeoutException("the TLS handshake took longer than " + limit);
      }
      throw e;
    } finally {
      deadline.cancel(false);
    }
    wire.readTimeout(readTimeout);
    certifiedNames = forLogins ? shared.tls().namesOf(layer.shown()) : List.of();
    tls = layer;
    tlsFacts = facts;
    return facts;
  }

  /** Octets that came in over the wire, TLS included. */
  long octetsIn() {
    return wire.octetsIn();
  }

  /** Octets that went out over the wire, TLS included. */
  long octetsOut() {
    return wire.octetsOut();
  }

  /** Closes without a word; never blocks. */
  void abort() {
    wire.abort();
  }

  /**
   * Ends a session that has said all it had to say, on its own thread: close_notify, then our side
   * of the connection, and then waits a little for the peer to close its side. A close with octets
   * of the peer unread would make TCP drop our last reply on its way.
   */
  void finish() {
    if (!wire.isOpen()) {
      return;
    }
    ScheduledFuture<?> deadline = shared.deadlines().after(LINGER, wire::abort);
    try {
      if (tls != null) {
        tls.closeNotify();
      }
      wire.shutdownOutput();
      byte[] ignored = new byte[1024];
      for (int total = 0; total < LINGER_OCTETS_MAX; ) {
        int count = wire.read(ignored, 0, ignored.length);
        if (count < 0) {
          break;
        }
        total += count;
      }
    } catch (IOException e) {
      // The peer is gone, or slow: either way it is over.
      return;
    } finally {
      deadline.cancel(false);
      wire.abort();
    }
  }

  @Override
  public void close() {
    wire.abort();
  }

  /** What the peer sends. One thread reads. */
  private final class In extends InputStream {
    private boolean begun;

    @Override
    public int read() throws IOException {
      byte[] one = new byte[1];
      return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
    }

    @Override
    public int read(byte[] into, int offset, int length) throws IOException {
      Objects.checkFromIndexSize(offset, length, into.length);
      if (length == 0) {
        return 0;
      }
      TlsLayer layer = tls;
      if (layer != null) {
        return layer.read(into, offset, length);
      }
      int count = wire.read(into, offset, length);
      if (!begun && count > 0) {
        begun = true;
        if (into[offset] == TLS_HANDSHAKE) {
          throw new EOFException("the peer starts TLS where plain text comes first");
        }
      }
      return count;
    }

    /** Over TLS, only what is left of a record that was received. */
    @Override
    public int available() throws IOException {
      TlsLayer layer = tls;
      return layer == null ? wire.available() : layer.available();
    }
  }

  /** To the peer. One thread writes. */
  private final class Out extends OutputStream {
    private @Nullable ByteBuffer buffer;

    @Override
    public void write(int octet) throws IOException {
      ByteBuffer target = buffer();
      target.put((byte) octet);
      if (!target.hasRemaining()) {
        send();
      }
    }

    @Override
    public void write(byte[] from, int offset, int length) throws IOException {
      Objects.checkFromIndexSize(offset, length, from.length);
      if (buffer == null && length >= CHUNK_OCTETS) {
        transmit(ByteBuffer.wrap(from, offset, length));
        return;
      }
      int done = 0;
      while (done < length) {
        ByteBuffer target = buffer();
        int count = Math.min(length - done, target.remaining());
        target.put(from, offset + done, count);
        done += count;
        if (!target.hasRemaining()) {
          send();
        }
      }
    }

    @Override
    public void flush() throws IOException {
      if (buffer != null) {
        send();
      }
    }

    private ByteBuffer buffer() {
      ByteBuffer current = buffer;
      if (current == null) {
        current = shared.buffers().take().limit(CHUNK_OCTETS);
        buffer = current;
      }
      return current;
    }

    private void send() throws IOException {
      ByteBuffer full = buffer();
      full.flip();
      try {
        transmit(full);
      } finally {
        buffer = null;
        shared.buffers().giveBack(full);
      }
    }

    private void transmit(ByteBuffer octets) throws IOException {
      TlsLayer layer = tls;
      if (layer == null) {
        wire.write(octets);
      } else {
        layer.write(octets);
      }
    }
  }
}
