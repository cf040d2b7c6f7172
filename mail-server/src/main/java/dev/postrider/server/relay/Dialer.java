package dev.postrider.server.relay;

import java.io.IOException;
import java.io.InterruptedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.StandardSocketOptions;
import java.nio.channels.SocketChannel;
import java.nio.channels.UnsupportedAddressTypeException;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * Connects to the first address of a host that answers. Addresses are tried one after the other,
 * each with a head start before the next is tried beside it, so that a dead address family costs a
 * quarter of a second and not a timeout. RFC 8305 section 5.
 *
 * <p>Every channel that is open is in {@link #open}, so that {@link #abort} ends them all.
 */
final class Dialer {

  private final Watchdog watchdog;
  private final PeerTimeouts timeouts;
  private final Set<SocketChannel> open = ConcurrentHashMap.newKeySet();
  private volatile boolean aborted;

  Dialer(Watchdog watchdog, PeerTimeouts timeouts) {
    this.watchdog = watchdog;
    this.timeouts = timeouts;
  }

  /**
   * A connection to one of {@code addresses}, of which there is at least one.
   *
   * @throws IOException the last failure, when none answers
   */
  PeerConnection connect(List<InetAddress> addresses, int port) throws IOException {
    List<SocketChannel> tried = new ArrayList<>();
    SocketChannel winner = null;
    try {
      winner = race(addresses, port, tried);
      return new PeerConnection(winner, watchdog, this::closed);
    } finally {
      for (SocketChannel each : tried) {
        if (!each.equals(winner)) {
          Quietly.close(each);
          closed(each);
        }
      }
    }
  }

  /** Closes all connections; whoever uses one sees it fail. No new one comes into being. */
  void abort() {
    aborted = true;
    open.forEach(Quietly::close);
  }

  private SocketChannel race(List<InetAddress> addresses, int port, List<SocketChannel> tried)
      throws IOException {
    BlockingQueue<Attempt> ended = new LinkedBlockingQueue<>();
    int failed = 0;
    while (true) {
      if (tried.size() < addresses.size()) {
        tried.add(begin(new InetSocketAddress(addresses.get(tried.size()), port), ended));
      }
      boolean more = tried.size() < addresses.size();
      switch (next(ended, more)) {
        case Attempt.Connected(SocketChannel channel) -> {
          return channel;
        }
        case Attempt.Failed(IOException cause) -> {
          failed++;
          if (failed == addresses.size()) {
            throw cause;
          }
        }
        case null -> {
          // The head start is over: the next address is tried beside the others.
        }
      }
    }
  }

  private SocketChannel begin(InetSocketAddress address, BlockingQueue<Attempt> ended)
      throws IOException {
    SocketChannel channel = SocketChannel.open();
    open.add(channel);
    if (aborted) {
      Quietly.close(channel);
    }
    Thread.ofVirtual()
        .name("relay-connect-" + address)
        .start(() -> ended.add(attempt(channel, address)));
    return channel;
  }

  private Attempt attempt(SocketChannel channel, InetSocketAddress address) {
    Watchdog.Watch watch = watchdog.watch(timeouts.connect(), () -> Quietly.close(channel));
    try {
      // The body of a message ends with a short segment that nothing should hold back.
      channel.setOption(StandardSocketOptions.TCP_NODELAY, true);
      channel.connect(address);
      return new Attempt.Connected(channel);
    } catch (IOException failure) {
      return new Attempt.Failed(failure);
    } catch (UnsupportedAddressTypeException failure) {
      return new Attempt.Failed(new IOException("no such address family here", failure));
    } finally {
      watch.cancel();
    }
  }

  /** The next attempt that ended; null when none did within the head start. */
  private @Nullable Attempt next(BlockingQueue<Attempt> ended, boolean more) throws IOException {
    try {
      return more
          ? ended.poll(timeouts.headStart().toMillis(), TimeUnit.MILLISECONDS)
          : ended.take();
    } catch (InterruptedException interrupted) {
      // Nobody here interrupts; a thread that is gives its connection up.
      throw new InterruptedIOException("interrupted while connecting");
    }
  }

  private void closed(SocketChannel channel) {
    open.remove(channel);
  }

  /** How the try of one address ended. */
  private sealed interface Attempt {
    record Connected(SocketChannel channel) implements Attempt {}

    record Failed(IOException cause) implements Attempt {}
  }
}
