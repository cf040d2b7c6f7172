package dev.postrider.server.net;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.util.concurrent.CountDownLatch;

/** Carries octets to the server, and can keep the end of what the client sends back. */
final class HoldingPipe implements AutoCloseable {
  private final ServerSocket front = new ServerSocket(0, 1, InetAddress.getLoopbackAddress());
  private final Socket client;
  private final Socket back;
  private final CountDownLatch holding = new CountDownLatch(1);
  private final CountDownLatch released = new CountDownLatch(1);
  private volatile int held;

  HoldingPipe(InetSocketAddress server) throws IOException {
    client = new Socket(front.getInetAddress(), front.getLocalPort());
    Socket accepted = front.accept();
    back = new Socket(server.getAddress(), server.getPort());
    Thread.ofVirtual().start(() -> forward(accepted));
    Thread.ofVirtual()
        .start(
            () -> {
              try {
                back.getInputStream().transferTo(accepted.getOutputStream());
              } catch (IOException e) {
                released.countDown();
              }
            });
  }

  private void forward(Socket from) {
    byte[] buffer = new byte[20_000];
    try {
      for (int count = from.getInputStream().read(buffer);
          count > 0;
          count = from.getInputStream().read(buffer)) {
        int now = count - Math.min(held, count);
        back.getOutputStream().write(buffer, 0, now);
        if (now < count) {
          holding.countDown();
          released.await();
          back.getOutputStream().write(buffer, now, count - now);
        }
      }
    } catch (IOException | InterruptedException e) {
      released.countDown();
    }
  }

  Socket client() {
    return client;
  }

  void holdBack(int octets) {
    held = octets;
  }

  /** Returns when something has been held back. */
  void awaitHeld() throws InterruptedException {
    holding.await();
  }

  void letGo() {
    held = 0;
    released.countDown();
  }

  @Override
  public void close() throws IOException {
    client.close();
    back.close();
    front.close();
  }
}
