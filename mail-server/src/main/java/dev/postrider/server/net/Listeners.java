package dev.postrider.server.net;

import dev.postrider.server.config.LimitsConfig;
import dev.postrider.server.config.ListenerKind;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.channels.ServerSocketChannel;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * All listeners of the server: they share limits, buffers, session ids and the end.
 *
 * <p>Stopping takes three steps. No listener accepts any more. Every session is told (see {@link
 * ConnectionHandler.Drain}); those that wait for a command say goodbye at once, the others after
 * the reply they are about. After the grace period whoever is left is cut off.
 */
public final class Listeners implements AutoCloseable {

  private static final Logger log = LoggerFactory.getLogger(Listeners.class);

  /** How long a peer may take for the TLS handshake. */
  static final Duration HANDSHAKE_TIMEOUT = Duration.ofSeconds(30);

  /** Connections that the kernel holds for us while we are busy. */
  private static final int BACKLOG = 1024;

  /** How long sessions that were cut off may take to notice. */
  private static final Duration CUT_OFF_TIME = Duration.ofSeconds(5);

  private final Deadlines deadlines = new Deadlines();
  private final SocketConnection.Shared shared;
  private final Sessions sessions;
  private final List<Listener> listeners = new CopyOnWriteArrayList<>();

  public Listeners(LimitsConfig limits, TlsContext tls, InstantSource clock) {
    this(limits, tls, clock, HANDSHAKE_TIMEOUT);
  }

  Listeners(LimitsConfig limits, TlsContext tls, InstantSource clock, Duration handshakeTimeout) {
    this.shared =
        new SocketConnection.Shared(
            deadlines, new BufferPool(), tls, limits.writeTimeout(), handshakeTimeout);
    this.sessions = new Sessions(new Admission(limits, clock), new SessionIds(clock));
  }

  /**
   * Binds {@code address} (port 0: any free one) and serves from now on.
   *
   * @throws IOException when the address cannot be had; the message names it
   */
  public Listener open(ListenerKind kind, InetSocketAddress address, ConnectionHandler handler)
      throws IOException {
    ServerSocketChannel channel = ServerSocketChannel.open();
    try {
      channel.bind(address, BACKLOG);
    } catch (IOException e) {
      channel.close();
      throw new IOException(
          "cannot listen for " + kind.key() + " on " + address + ": " + e.getMessage(), e);
    }
    Listener listener = new Listener(kind, channel, handler, sessions, shared);
    listeners.add(listener);
    listener.start();
    log.info("net.listening listener={} address={}", kind.key(), listener.address());
    return listener;
  }

  public List<Listener> all() {
    return List.copyOf(listeners);
  }

  /** Connections that are being served. */
  public int connections() {
    return sessions.count();
  }

  /** Buffers that connections hold now. */
  int buffersLent() {
    return shared.buffers().lent();
  }

  /** Stops everything; returns when no session runs any more, or cannot be made to end. */
  public void stop(Duration grace) {
    for (Listener listener : listeners) {
      listener.close();
    }
    sessions.drain();
    boolean ended = sessions.awaitNone(grace);
    if (!ended) {
      log.warn("net.cut-off sessions={} grace={}", sessions.count(), grace);
      sessions.abort();
      ended = sessions.awaitNone(CUT_OFF_TIME);
    }
    deadlines.close();
    log.info("net.stopped sessions-left={}", ended ? 0 : sessions.count());
  }

  /** Stops without grace. */
  @Override
  public void close() {
    stop(Duration.ZERO);
  }
}
