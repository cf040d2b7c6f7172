package dev.postrider.server.admin;

import dev.postrider.server.admin.AdminAnswer.Reason;
import dev.postrider.server.admin.AdminAnswer.Refused;
import dev.postrider.storage.Progress;
import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.ConnectException;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.channels.Channels;
import java.nio.channels.SocketChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Asks the server that runs on a data directory. Good for one request, or for one transfer. */
public final class ControlClient implements Administration, AutoCloseable {

  /** Octets of an answer: a long queue, with room. */
  private static final int ANSWER_OCTETS_MAX = 64 * 1024 * 1024;

  private static final Logger log = LoggerFactory.getLogger(ControlClient.class);

  private static final long GOODBYE_SECONDS_MAX = 10;

  private final SocketChannel channel;
  private final InputStream in;
  private final OutputStream out;

  private ControlClient(SocketChannel channel) {
    this.channel = channel;
    this.in = new BufferedInputStream(Channels.newInputStream(channel));
    this.out = Channels.newOutputStream(channel);
  }

  /**
   * Connects; empty when no server runs there, so that the store can be opened.
   *
   * @throws IOException a server may run there, but cannot be reached: permission is missing
   */
  public static Optional<ControlClient> connect(Path dataDirectory) throws IOException {
    Path file = dataDirectory.resolve(ControlSocket.FILE_NAME);
    if (!Files.exists(file)) {
      return Optional.empty();
    }
    SocketChannel channel = SocketChannel.open(StandardProtocolFamily.UNIX);
    try {
      channel.connect(UnixDomainSocketAddress.of(file));
      return Optional.of(new ControlClient(channel));
    } catch (ConnectException stale) {
      channel.close();
      return Optional.empty();
    } catch (IOException failed) {
      channel.close();
      throw failed;
    }
  }

  @Override
  public AdminAnswer run(AdminRequest request, Progress progress) {
    return ask(ControlCodec.encode(request), progress);
  }

  /** Asks for a transfer. Unless it is refused, it goes over {@link #in} and {@link #out} then. */
  public AdminAnswer begin(TransferRequest request) {
    return ask(ControlCodec.encode(request), Progress.NONE);
  }

  /** What the server says; buffered. */
  public InputStream in() {
    return in;
  }

  /** What the server hears. */
  public OutputStream out() {
    return out;
  }

  private AdminAnswer ask(ControlMessage request, Progress progress) {
    try {
      request.write(out);
      ControlMessage message = ControlMessage.read(in, ANSWER_OCTETS_MAX);
      while (ControlCodec.isProgress(message)) {
        ControlCodec.tell(message, progress);
        message = ControlMessage.read(in, ANSWER_OCTETS_MAX);
      }
      return ControlCodec.decodeAnswer(message);
    } catch (IOException failed) {
      return new Refused(
          Reason.TEMPORARY, "the running server did not answer: " + failed.getMessage());
    }
  }

  /**
   * Returns when the server has ended its side too, so that what was held by this connection is
   * free for the next; but a server that hangs is left after {@link #GOODBYE_SECONDS_MAX}.
   */
  @Override
  public void close() throws IOException {
    Executor late = CompletableFuture.delayedExecutor(GOODBYE_SECONDS_MAX, TimeUnit.SECONDS);
    CompletableFuture<Void> cut = CompletableFuture.runAsync(this::cut, late);
    try (channel) {
      channel.shutdownOutput();
      in.transferTo(OutputStream.nullOutputStream());
    } catch (IOException gone) {
      log.debug("control.goodbye-failed cause=\"{}\"", gone.getMessage());
    } finally {
      cut.cancel(false);
    }
  }

  private void cut() {
    try {
      channel.close();
    } catch (IOException failed) {
      log.debug("control.close-failed", failed);
    }
  }
}
