package dev.postrider.server.admin;

import dev.postrider.server.admin.AdminAnswer.Reason;
import dev.postrider.server.admin.AdminAnswer.Refused;
import dev.postrider.server.admin.TransferService.Admission;
import dev.postrider.server.admin.TransferService.Conversation;
import dev.postrider.storage.Progress;
import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.channels.Channels;
import java.nio.channels.ClosedChannelException;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executor;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Where the program reaches the server that runs on the same data directory: a socket file in it,
 * which only its owner may open. Whoever can open it could as well write the store, so it asks for
 * no password.
 *
 * <p>One virtual thread accepts, one per connection answers one request and ends. A request that
 * does not come within {@link #SECONDS_MAX} is cut off; what it asks for may take as long as it
 * takes. Of transfers there are never so many that nothing else could be asked.
 */
public final class ControlSocket implements AutoCloseable {

  /** Its file, in the data directory. */
  public static final String FILE_NAME = "control.sock";

  private static final Logger log = LoggerFactory.getLogger(ControlSocket.class);

  /** Octets of a request. */
  private static final int REQUEST_OCTETS_MAX = 256 * 1024;

  private static final int CONNECTIONS_MAX = 16;
  private static final int TRANSFERS_MAX = 4;
  private static final int SECONDS_MAX = 30;

  private final Path file;
  private final ServerSocketChannel channel;
  private final Administration administration;
  private final TransferService transfers;
  private final Semaphore connections = new Semaphore(CONNECTIONS_MAX);
  private final Semaphore transferring = new Semaphore(TRANSFERS_MAX);
  private final Set<SocketChannel> open = ConcurrentHashMap.newKeySet();

  private ControlSocket(
      Path file,
      ServerSocketChannel channel,
      Administration administration,
      TransferService transfers) {
    this.file = file;
    this.channel = channel;
    this.administration = administration;
    this.transfers = transfers;
  }

  /** Opens it. The caller holds the data directory, so a file left there is stale. */
  public static ControlSocket open(
      Path dataDirectory, Administration administration, TransferService transfers)
      throws IOException {
    Path file = dataDirectory.resolve(FILE_NAME);
    Files.deleteIfExists(file);
    ServerSocketChannel channel = ServerSocketChannel.open(StandardProtocolFamily.UNIX);
    try {
      channel.bind(UnixDomainSocketAddress.of(file));
      Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rw-------"));
    } catch (IOException | RuntimeException failed) {
      channel.close();
      throw failed;
    }
    ControlSocket socket = new ControlSocket(file, channel, administration, transfers);
    Thread.ofVirtual().name("control").start(socket::accept);
    return socket;
  }

  private void accept() {
    while (channel.isOpen()) {
      try {
        connections.acquireUninterruptibly();
        SocketChannel peer = channel.accept();
        open.add(peer);
        Thread.ofVirtual().name("control-session").start(() -> answer(peer));
      } catch (ClosedChannelException stopping) {
        return;
      } catch (IOException failed) {
        connections.release();
        log.warn("control.accept-failed", failed);
      }
    }
  }

  private void answer(SocketChannel peer) {
    Executor late = CompletableFuture.delayedExecutor(SECONDS_MAX, TimeUnit.SECONDS);
    CompletableFuture<Void> cut = CompletableFuture.runAsync(() -> close(peer), late);
    try (InputStream in = new BufferedInputStream(Channels.newInputStream(peer));
        OutputStream out = Channels.newOutputStream(peer)) {
      ControlMessage message = ControlMessage.read(in, REQUEST_OCTETS_MAX);
      cut.cancel(false);
      if (ControlCodec.isTransfer(message)) {
        transfer(ControlCodec.decodeTransfer(message), in, out);
      } else {
        AdminRequest request = ControlCodec.decodeRequest(message);
        AdminAnswer answer = administration.run(request, new ProgressLines(out));
        ControlCodec.encode(answer).write(out);
      }
    } catch (IOException failed) {
      log.warn("control.failed reason={}", failed.getMessage());
    } catch (RuntimeException defect) {
      log.error("control.defect", defect);
    } finally {
      cut.cancel(false);
      close(peer);
      open.remove(peer);
      connections.release();
    }
  }

  private void transfer(TransferRequest request, InputStream in, OutputStream out)
      throws IOException {
    if (!transferring.tryAcquire()) {
      Refused busy =
          new Refused(
              Reason.TEMPORARY,
              TRANSFERS_MAX + " imports and exports are under way; wait for the end of one");
      ControlCodec.encode(busy).write(out);
      return;
    }
    try {
      switch (transfers.admit(request)) {
        case Admission.Denied denied -> ControlCodec.encode(denied.why()).write(out);
        case Admission.Granted granted -> {
          try (Conversation conversation = granted.conversation()) {
            ControlCodec.encode(new AdminAnswer.Rows(List.of())).write(out);
            conversation.hold(in, out);
          }
        }
      }
    } finally {
      transferring.release();
    }
  }

  /** Writes the progress, but no more often than a person can read. */
  private static final class ProgressLines implements Progress {
    private final OutputStream out;
    private String last = "";
    private boolean broken;

    ProgressLines(OutputStream out) {
      this.out = out;
    }

    @Override
    public void at(String what, long done, long total) {
      String now = what + " " + (total > 0 ? done * 100 / total : done / 1000);
      if (broken || now.equals(last)) {
        return;
      }
      last = now;
      try {
        ControlCodec.progress(what, done, total).write(out);
      } catch (IOException gone) {
        // Nobody listens any more; the work is finished all the same.
        broken = true;
      }
    }
  }

  private static void close(SocketChannel peer) {
    try {
      peer.close();
    } catch (IOException failed) {
      log.debug("control.close-failed", failed);
    }
  }

  @Override
  public void close() throws IOException {
    channel.close();
    open.forEach(ControlSocket::close);
    Files.deleteIfExists(file);
  }
}
