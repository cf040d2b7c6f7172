package dev.postrider.integration.bench;

import java.io.IOException;
import java.net.InetAddress;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLSession;
import javax.net.ssl.SSLSocket;

/** Connections that are made, greeted and closed, each with a whole TLS handshake. */
final class Handshakes {

  private static final int TOGETHER = 8;

  private final Path certificate;
  private final int port;

  Handshakes(Path certificate, int port) {
    this.certificate = certificate;
    this.port = port;
  }

  /** For {@code count} of them, by a few clients at a time. */
  double seconds(int count) throws IOException {
    List<Callable<Integer>> clients =
        Collections.nCopies(TOGETHER, () -> oneAfterTheOther(count / TOGETHER));
    long begin = System.nanoTime();
    try (ExecutorService threads = Executors.newFixedThreadPool(TOGETHER)) {
      List<Future<Integer>> done = new ArrayList<>(threads.invokeAll(clients));
      for (Future<Integer> one : done) {
        one.get();
      }
    } catch (InterruptedException | ExecutionException e) {
      throw new IOException("a connection failed: " + e.getMessage(), e);
    }
    return (System.nanoTime() - begin) / 1e9;
  }

  private int oneAfterTheOther(int count) throws IOException {
    SSLContext tls = ServerTls.believing(certificate);
    for (int i = 0; i < count; i++) {
      try (SSLSocket socket =
          (SSLSocket) tls.getSocketFactory().createSocket(InetAddress.getLoopbackAddress(), port)) {
        if (socket.getInputStream().read() != '*') {
          throw new IOException("no greeting");
        }
      }
      forget(tls);
    }
    return count;
  }

  /** So that the next one is not the short continuation of this one. */
  private static void forget(SSLContext tls) {
    for (byte[] id : Collections.list(tls.getClientSessionContext().getIds())) {
      SSLSession session = tls.getClientSessionContext().getSession(id);
      if (session != null) {
        session.invalidate();
      }
    }
  }
}
