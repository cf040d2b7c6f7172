package dev.postrider.integration.peers;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.locks.LockSupport;

/** A running peer and all its processes. They end with this JVM, unless that is killed. */
final class Daemon {

  private static final Duration READY_MAX = Duration.ofSeconds(30);
  private static final Duration STOP_MAX = Duration.ofSeconds(30);
  private static final Duration POLL = Duration.ofMillis(20);

  private final String name;
  private final ProcessHandle process;
  private final Thread atEnd;

  Daemon(String name, ProcessHandle process) {
    this.name = name;
    this.process = process;
    this.atEnd = new Thread(process::destroy, name + "-end");
    Runtime.getRuntime().addShutdownHook(atEnd);
  }

  ProcessHandle process() {
    return process;
  }

  /**
   * @param logs whose ends are told when it fails; they need not be there
   */
  void awaitListening(List<Integer> ports, List<Path> logs) throws IOException {
    long end = System.nanoTime() + READY_MAX.toNanos();
    for (int port : ports) {
      while (!isListening(port)) {
        if (hasEnded(process) || System.nanoTime() > end) {
          stop();
          throw new IOException(name + " did not start: " + PeerFiles.tail(logs));
        }
        LockSupport.parkNanos(POLL.toNanos());
      }
    }
  }

  /** Asks it to end and waits for all its processes. */
  void stop() throws IOException {
    List<ProcessHandle> all = new ArrayList<>(process.descendants().toList());
    all.add(process);
    process.destroy();
    long end = System.nanoTime() + STOP_MAX.toNanos();
    for (ProcessHandle one : all) {
      while (!hasEnded(one)) {
        if (System.nanoTime() > end) {
          throw new IOException(name + ": process " + one.pid() + " does not end");
        }
        LockSupport.parkNanos(POLL.toNanos());
      }
    }
    Runtime.getRuntime().removeShutdownHook(atEnd);
  }

  /** Free ports of 127.0.0.1. All are held until the last is found, so they differ. */
  static List<Integer> freePorts(int count) throws IOException {
    List<ServerSocket> held = new ArrayList<>();
    try {
      for (int i = 0; i < count; i++) {
        held.add(new ServerSocket(0, 1, InetAddress.getLoopbackAddress()));
      }
      return held.stream().map(ServerSocket::getLocalPort).toList();
    } finally {
      for (ServerSocket socket : held) {
        socket.close();
      }
    }
  }

  private static boolean isListening(int port) {
    try (Socket socket = new Socket()) {
      socket.connect(new InetSocketAddress(InetAddress.getLoopbackAddress(), port));
      return true;
    } catch (IOException e) {
      return false;
    }
  }

  /** One that ended may stay in the list of processes, where nobody asks for its exit code. */
  private static boolean hasEnded(ProcessHandle one) {
    if (!one.isAlive()) {
      return true;
    }
    try {
      String line = Files.readString(Path.of("/proc", Long.toString(one.pid()), "stat"));
      // The state stands behind the name, which is in parentheses and may have some of its own.
      return line.startsWith("Z", line.lastIndexOf(')') + 2);
    } catch (IOException e) {
      return true;
    }
  }
}
