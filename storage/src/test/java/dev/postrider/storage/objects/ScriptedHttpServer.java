package dev.postrider.storage.objects;

import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Queue;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CopyOnWriteArrayList;

/**
 * Answers requests with what a test says, in this order, however wrong that is; when nothing is
 * left it hangs up.
 */
final class ScriptedHttpServer implements AutoCloseable {

  private static final int BACKLOG = 50;

  private final ServerSocket listener;
  private final Queue<Answer> answers = new ConcurrentLinkedQueue<>();
  private final Set<Socket> sockets = ConcurrentHashMap.newKeySet();
  private final List<Request> requests = new CopyOnWriteArrayList<>();

  /**
   * @param headers names in lower case
   */
  @SuppressWarnings("ArrayRecordComponent") // compared by nobody
  record Request(String line, Map<String, String> headers, byte[] body) {}

  /**
   * @param head status line and headers, without the last empty line
   * @param hangsUp closes the connection behind the body
   * @param stalls says nothing more and keeps the connection
   * @param deaf does not read the body of the request
   */
  @SuppressWarnings("ArrayRecordComponent") // compared by nobody
  record Answer(String head, byte[] body, boolean hangsUp, boolean stalls, boolean deaf) {
    static Answer of(String status, String body) {
      byte[] octets = body.getBytes(StandardCharsets.UTF_8);
      return new Answer(
          "HTTP/1.1 " + status + "\r\nContent-Length: " + octets.length,
          octets,
          false,
          false,
          false);
    }

    /** As S3 says that something is wrong. */
    static Answer error(String status, String code) {
      return of(
          status,
          "<?xml version=\"1.0\"?><Error><Code>"
              + code
              + "</Code><Message>Please note:\n"
              + code
              + ".</Message></Error>");
    }

    /** A range of {@code whole}, of which only {@code sent} octets come before the end. */
    static Answer range(byte[] whole, int from, int to, int sent) {
      byte[] body = Arrays.copyOfRange(whole, from, from + sent);
      return new Answer(
          "HTTP/1.1 206 Partial Content\r\nContent-Length: "
              + (to - from)
              + "\r\nContent-Range: bytes "
              + from
              + "-"
              + (to - 1)
              + "/"
              + whole.length,
          body,
          sent < to - from,
          false,
          false);
    }

    static Answer hangUp() {
      return new Answer("", new byte[0], true, false, false);
    }

    static Answer hangUpInBody() {
      return new Answer("", new byte[0], true, false, true);
    }

    static Answer stall() {
      return new Answer("", new byte[0], false, true, false);
    }
  }

  ScriptedHttpServer() throws IOException {
    listener = new ServerSocket(0, BACKLOG, InetAddress.ofLiteral("127.0.0.1"));
    Thread.ofVirtual().name("scripted-http").start(this::acceptAll);
  }

  URI endpoint() {
    return URI.create("http://127.0.0.1:" + listener.getLocalPort());
  }

  ScriptedHttpServer answers(Answer... next) {
    answers.addAll(List.of(next));
    return this;
  }

  List<Request> requests() {
    return List.copyOf(requests);
  }

  @Override
  public void close() throws IOException {
    listener.close();
    for (Socket socket : sockets) {
      socket.close();
    }
  }

  private void acceptAll() {
    try {
      while (true) {
        Socket socket = listener.accept();
        sockets.add(socket);
        Thread.ofVirtual().name("scripted-http-session").start(() -> serve(socket));
      }
    } catch (IOException closed) {
      // The test is over.
    }
  }

  private void serve(Socket socket) {
    try (socket) {
      InputStream in = new BufferedInputStream(socket.getInputStream());
      boolean more = true;
      while (more) {
        Request request = request(in);
        Answer answer = answers.poll();
        if (answer == null || !answer.deaf()) {
          request = withBody(request, in);
        }
        requests.add(request);
        more = answer != null && send(answer, socket);
      }
    } catch (IOException gone) {
      // The client went away, or the test is over.
    } finally {
      sockets.remove(socket);
    }
  }

  private static boolean send(Answer answer, Socket socket) throws IOException {
    if (answer.stalls()) {
      return socket.getInputStream().read() >= 0;
    }
    if (!answer.head().isEmpty()) {
      OutputStream out = socket.getOutputStream();
      out.write((answer.head() + "\r\n\r\n").getBytes(StandardCharsets.ISO_8859_1));
      out.write(answer.body());
      out.flush();
    }
    return !answer.hangsUp();
  }

  private static Request request(InputStream in) throws IOException {
    String line = line(in);
    Map<String, String> headers = new TreeMap<>();
    for (String header = line(in); !header.isEmpty(); header = line(in)) {
      int colon = header.indexOf(':');
      headers.put(
          header.substring(0, colon).toLowerCase(Locale.ROOT), header.substring(colon + 1).strip());
    }
    return new Request(line, headers, new byte[0]);
  }

  private static Request withBody(Request head, InputStream in) throws IOException {
    int octets = Integer.parseInt(head.headers().getOrDefault("content-length", "0"));
    return new Request(head.line(), head.headers(), in.readNBytes(octets));
  }

  private static String line(InputStream in) throws IOException {
    StringBuilder line = new StringBuilder();
    for (int octet = in.read(); octet != '\n'; octet = in.read()) {
      if (octet < 0) {
        throw new IOException("gone");
      }
      line.append((char) octet);
    }
    return line.toString().strip();
  }
}
