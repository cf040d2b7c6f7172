package dev.postrider.server.net;

import dev.postrider.server.config.ListenerKind;
import java.io.EOFException;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.SocketException;
import java.net.SocketTimeoutException;
import java.net.StandardSocketOptions;
import java.nio.ByteBuffer;
import java.nio.channels.ClosedChannelException;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import javax.net.ssl.SSLException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One bound address. Its own platform thread accepts and does nothing that can block on a peer;
 * every connection then gets a virtual thread, on which it has its TLS handshake (where TLS comes
 * first) and its session.
 */
public final class Listener {

  private static final Logger log = LoggerFactory.getLogger(Listener.class);

  /**
   * Pause after a failed accept, such as for want of file descriptors; doubled up to the second.
   */
  private static final long BACK_OFF_MILLIS_MIN = 50;

  private static final long BACK_OFF_MILLIS_MAX = 1000;

  private final ListenerKind kind;
  private final ServerSocketChannel channel;
  private final ConnectionHandler handler;
  private final Sessions sessions;
  private final SocketConnection.Shared shared;
  private final InetSocketAddress address;
  private final CountDownLatch closed = new CountDownLatch(1);

  Listener(
      ListenerKind kind,
      ServerSocketChannel channel,
      ConnectionHandler handler,
      Sessions sessions,
      SocketConnection.Shared shared)
      throws IOException {
    this.kind = kind;
    this.channel = channel;
    this.handler = handler;
    this.sessions = sessions;
    this.shared = shared;
    this.address = (InetSocketAddress) channel.getLocalAddress();
  }

  public ListenerKind kind() {
    return kind;
  }

  /** Where it listens, with the port that it got. */
  public InetSocketAddress address() {
    return address;
  }

  void start() {
    Thread.ofPlatform().name("net-accept-" + kind.key()).start(this::acceptAll);
  }

  /** Accepts no more; what was accepted goes on. */
  void close() {
    closed.countDown();
    try {
      channel.close();
    } catch (IOException e) {
      log.warn("net.close-failed listener={} reason=\"{}\"", kind.key(), e.toString());
    }
  }

  private void acceptAll() {
    long pause = 0;
    while (closed.getCount() > 0) {
      try {
        admit(channel.accept());
        pause = 0;
      } catch (ClosedChannelException e) {
        return;
      } catch (IOException e) {
        if (pause == 0) {
          log.error("net.accept-failed listener={} reason=\"{}\"", kind.key(), e.toString());
        }
        pause = Math.clamp(pause * 2, BACK_OFF_MILLIS_MIN, BACK_OFF_MILLIS_MAX);
        if (closedWithin(pause)) {
          return;
        }
      }
    }
  }

  private boolean closedWithin(long millis) {
    try {
      return closed.await(millis, TimeUnit.MILLISECONDS);
    } catch (InterruptedException e) {
      // Nobody interrupts this thread; if somebody does, it is over.
      return true;
    }
  }

  private void admit(SocketChannel accepted) {
    try {
      InetAddress peer = ((InetSocketAddress) accepted.getRemoteAddress()).getAddress();
      Optional<Refusal> refusal = sessions.admission().admit(peer);
      if (refusal.isPresent()) {
        refuse(accepted, peer, refusal.get());
        return;
      }
      boolean started = false;
      try {
        accepted.setOption(StandardSocketOptions.TCP_NODELAY, true);
        accepted.setOption(StandardSocketOptions.SO_KEEPALIVE, true);
        SocketConnection connection =
            new SocketConnection(sessions.nextId(), accepted, shared, kind.isForLogins());
        Sessions.Running running = sessions.begin(connection);
        Thread.ofVirtual()
            .name(kind.key() + "-" + connection.id())
            .start(() -> serve(connection, running));
        started = true;
      } finally {
        if (!started) {
          sessions.admission().release(peer);
          accepted.close();
        }
      }
    } catch (IOException e) {
      // The peer was gone before we looked.
      log.debug("net.vanished listener={} reason=\"{}\"", kind.key(), e.toString());
    }
  }

  /**
   * Says why, where that needs no handshake. The few octets fit into the empty buffer of the
   * socket; the channel does not block, should they not.
   */
  private void refuse(SocketChannel accepted, InetAddress peer, Refusal why) throws IOException {
    log.warn(
        "net.refused listener={} remote={} reason=\"{}\"",
        kind.key(),
        peer.getHostAddress(),
        why.text());
    try (accepted) {
      if (!kind.tlsFromStart()) {
        accepted.configureBlocking(false);
        accepted.write(ByteBuffer.wrap(handler.refusal(why)));
        accepted.shutdownOutput();
      }
    }
  }

  private void serve(SocketConnection connection, Sessions.Running running) {
    log.info(
        "net.connected session={} listener={} remote={}",
        connection.id(),
        kind.key(),
        text(connection.remote()));
    String end = "done";
    try {
      if (kind.tlsFromStart()) {
        connection.startTls();
      }
      handler.serve(connection, running);
      connection.finish();
    } catch (ClosedChannelException e) {
      end = "closed by the server";
    } catch (EOFException | SocketException | SocketTimeoutException | SSLException e) {
      end = String.valueOf(e.getMessage());
    } catch (IOException e) {
      end = e.toString();
    } catch (Exception | StackOverflowError e) {
      end = "a fault of the server";
      log.error("net.session-failed session={} listener={}", connection.id(), kind.key(), e);
    } finally {
      connection.abort();
      sessions.admission().release(connection.remote().getAddress());
      sessions.end(running);
      log.info(
          "net.closed session={} listener={} remote={} octets-in={} octets-out={} end=\"{}\"",
          connection.id(),
          kind.key(),
          text(connection.remote()),
          connection.octetsIn(),
          connection.octetsOut(),
          end);
    }
  }

  private static String text(InetSocketAddress address) {
    return address.getAddress().getHostAddress() + ":" + address.getPort();
  }
}
