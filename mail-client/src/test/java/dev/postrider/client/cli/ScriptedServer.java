package dev.postrider.client.cli;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.CountDownLatch;

/**
 * A server that says what a text says, true or not. One block per connection, blocks parted by
 * {@code ---}; lines are
 *
 * <ul>
 *   <li>{@code S: text} sends a line; {@code {tag}} is the tag of the last command
 *   <li>{@code C: text} expects a line that has the text in it
 *   <li>{@code DATA} takes lines up to a single dot
 *   <li>{@code STALL} says nothing more; the end of a block closes the connection
 * </ul>
 */
final class ScriptedServer implements AutoCloseable {
  private final ServerSocket listener;
  private final List<String> heard = Collections.synchronizedList(new ArrayList<>());
  private final List<String> faults = Collections.synchronizedList(new ArrayList<>());
  private final CountDownLatch closed = new CountDownLatch(1);
  private final Thread thread;

  ScriptedServer(String script) throws IOException {
    listener = new ServerSocket(0, 5, InetAddress.getLoopbackAddress());
    thread = Thread.ofVirtual().start(() -> serve(script.split("(?m)^---$")));
  }

  int port() {
    return listener.getLocalPort();
  }

  /** All lines from the client. */
  String heard() {
    synchronized (heard) {
      return String.join("\n", heard);
    }
  }

  /** What the client said that the script did not expect. */
  List<String> faults() {
    return List.copyOf(faults);
  }

  private void serve(String[] blocks) {
    for (String block : blocks) {
      try (Socket socket = listener.accept()) {
        talk(socket, block.strip().lines().toList());
      } catch (IOException | InterruptedException e) {
        if (!listener.isClosed()) {
          heard.add("(" + e.getMessage() + ")");
        }
      }
    }
  }

  private void talk(Socket socket, List<String> lines) throws IOException, InterruptedException {
    BufferedReader in = new BufferedReader(new InputStreamReader(socket.getInputStream(), UTF_8));
    OutputStream out = socket.getOutputStream();
    String tag = "*";
    for (String step : lines) {
      if (step.startsWith("S: ")) {
        out.write((step.substring(3).replace("{tag}", tag) + "\r\n").getBytes(UTF_8));
        out.flush();
      } else if (step.equals("STALL")) {
        closed.await();
      } else if (step.equals("DATA")) {
        for (String line = read(in); !line.equals("."); line = read(in)) {
          heard.add(line);
        }
      } else if (step.startsWith("C: ")) {
        String line = read(in);
        heard.add(line);
        tag = line.split(" ")[0];
        if (!line.contains(step.substring(3))) {
          faults.add("expected " + step.substring(3) + " but heard " + line);
        }
      } else {
        throw new IOException("unknown step " + step);
      }
    }
  }

  private static String read(BufferedReader in) throws IOException {
    String line = in.readLine();
    if (line == null) {
      throw new IOException("client closed");
    }
    return line;
  }

  @Override
  public void close() throws IOException {
    closed.countDown();
    listener.close();
    try {
      thread.join();
    } catch (InterruptedException e) {
      throw new IOException(e);
    }
  }
}
