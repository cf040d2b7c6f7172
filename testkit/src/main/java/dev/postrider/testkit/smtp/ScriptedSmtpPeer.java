package dev.postrider.testkit.smtp;

import java.io.BufferedInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Function;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLSocket;
import org.jspecify.annotations.Nullable;

/**
 * An SMTP server on a port of the loopback interface. By default it takes every message; a test
 * gives it rules for what it does otherwise: refuse, lie, fall silent, hang up.
 *
 * <pre>{@code
 * peer.on("RCPT TO:<bob@", Answer.say("550 5.1.1 no such user"));
 * peer.on(ScriptedSmtpPeer.MESSAGE_END, Answer.hangUp());
 * }</pre>
 */
public final class ScriptedSmtpPeer implements AutoCloseable {

  /** The moment of the greeting, for {@link #on}. */
  public static final String GREETING = "(greeting)";

  /** The moment after the final dot, for {@link #on}. */
  public static final String MESSAGE_END = "(end of message)";

  /** The moment after the first block of a message, for {@link #on}; only a hang-up or stall. */
  public static final String MESSAGE_BEGIN = "(begin of message)";

  private static final int BACKLOG = 50;

  private final ServerSocket listener;
  private final Map<String, Function<String, Answer>> rules = new ConcurrentHashMap<>();
  private final Set<Socket> sockets = ConcurrentHashMap.newKeySet();
  private final BlockingQueue<Received> received = new LinkedBlockingQueue<>();
  private final List<String> commands = new CopyOnWriteArrayList<>();
  private final AtomicInteger connections = new AtomicInteger();
  private volatile @Nullable SSLContext tls;
  private volatile List<String> extensions = List.of("PIPELINING", "8BITMIME", "SIZE 10000000");

  /**
   * A message that the peer took.
   *
   * @param mail the whole MAIL command, and {@code rcpts} the whole RCPT commands, of those
   *     accepted
   * @param text with dots undone, lines ending in CRLF, one char per octet (ISO 8859-1)
   */
  public record Received(String mail, List<String> rcpts, String text, boolean encrypted) {}

  /** What the peer does at a moment. */
  public sealed interface Answer {
    /** Lines, each sent with CRLF. */
    record Say(List<String> lines) implements Answer {}

    record SayAndHangUp(String line) implements Answer {}

    record HangUp() implements Answer {}

    /** Silence, until the other side gives up. */
    record Stall() implements Answer {}

    /** What it does by default. */
    record Usual() implements Answer {}

    static Answer say(String... lines) {
      return new Say(List.of(lines));
    }

    static Answer sayAndHangUp(String line) {
      return new SayAndHangUp(line);
    }

    static Answer hangUp() {
      return new HangUp();
    }

    static Answer stall() {
      return new Stall();
    }

    static Answer usual() {
      return new Usual();
    }
  }

  /** Starts it on a free port of 127.0.0.1. */
  public ScriptedSmtpPeer() throws IOException {
    this("127.0.0.1", 0);
  }

  /**
   * Starts it there.
   *
   * @param address of the loopback interface, 127.0.0.1 to 127.255.255.254 or ::1
   * @param port 0: a free one
   */
  public ScriptedSmtpPeer(String address, int port) throws IOException {
    this(new ServerSocket(port, BACKLOG, InetAddress.ofLiteral(address)));
  }

  private ScriptedSmtpPeer(ServerSocket listener) {
    this.listener = listener;
    Thread.ofVirtual().name("scripted-peer").start(this::acceptAll);
  }

  public int port() {
    return listener.getLocalPort();
  }

  /** What EHLO offers, besides STARTTLS. */
  public ScriptedSmtpPeer offering(String... keywords) {
    extensions = List.of(keywords);
    return this;
  }

  /** Offers STARTTLS and speaks TLS with the certificate of {@code context}. */
  public ScriptedSmtpPeer withTls(SSLContext context) {
    tls = context;
    return this;
  }

  /** From now on does this when a command begins so (in any case), or at a named moment. */
  public ScriptedSmtpPeer on(String moment, Answer answer) {
    return on(moment, command -> answer);
  }

  /** The same, asked each time with the whole command. */
  public ScriptedSmtpPeer on(String moment, Function<String, Answer> rule) {
    rules.put(moment.toUpperCase(Locale.ROOT), rule);
    return this;
  }

  /** Takes a rule away. */
  public ScriptedSmtpPeer forget(String moment) {
    rules.remove(moment.toUpperCase(Locale.ROOT));
    return this;
  }

  /** The next message, waiting for it. Throws an AssertionError when none comes in time. */
  public Received await(long seconds) throws InterruptedException {
    Received next = received.poll(seconds, TimeUnit.SECONDS);
    if (next == null) {
      throw new AssertionError("no message within " + seconds + " s; commands: " + commands);
    }
    return next;
  }

  /** All commands so far, of all connections. */
  public List<String> commands() {
    return List.copyOf(commands);
  }

  /** How many connections were accepted. */
  public int connections() {
    return connections.get();
  }

  @Override
  public void close() throws IOException {
    listener.close();
    for (Socket each : sockets) {
      each.close();
    }
  }

  private void acceptAll() {
    try {
      while (true) {
        Socket socket = listener.accept();
        sockets.add(socket);
        connections.incrementAndGet();
        Thread.ofVirtual().name("scripted-peer-session").start(() -> serve(socket));
      }
    } catch (IOException closed) {
      // The test is over.
    }
  }

  private void serve(Socket socket) {
    try (socket) {
      new Session(socket).run();
    } catch (IOException gone) {
      // The client went away, or the test is over.
    } finally {
      sockets.remove(socket);
    }
  }

  private static final class HungUpException extends IOException {
    private static final long serialVersionUID = 1L;
  }

  /** One connection. */
  private final class Session {
    private Socket socket;
    private InputStream in;
    private OutputStream out;
    private String mail = "";
    private final List<String> rcpts = new ArrayList<>();

    Session(Socket socket) throws IOException {
      this.socket = socket;
      this.in = new BufferedInputStream(socket.getInputStream());
      this.out = socket.getOutputStream();
    }

    void run() throws IOException {
      if (!ruled(GREETING, GREETING)) {
        say("220 peer.test ESMTP scripted");
      }
      for (String command = line(); command != null; command = line()) {
        commands.add(command);
        if (!obey(command)) {
          return;
        }
      }
    }

    /** Returns whether the connection goes on. */
    private boolean obey(String command) throws IOException {
      String verb = command.split("[ :]", 2)[0].toUpperCase(Locale.ROOT);
      if (ruled(command, command)) {
        if (verb.equals("MAIL")) {
          mail = "";
          rcpts.clear();
        }
        return true;
      }
      switch (verb) {
        case "EHLO" -> ehlo();
        case "STARTTLS" -> startTls();
        case "MAIL" -> {
          mail = command;
          rcpts.clear();
          say("250 2.1.0 sender ok");
        }
        case "RCPT" -> {
          if (mail.isEmpty()) {
            say("503 5.5.1 MAIL first");
          } else {
            rcpts.add(command);
            say("250 2.1.5 recipient ok");
          }
        }
        case "DATA" -> data();
        case "QUIT" -> {
          say("221 2.0.0 bye");
          return false;
        }
        default -> say("250 2.0.0 ok");
      }
      return true;
    }

    private void ehlo() throws IOException {
      List<String> words = new ArrayList<>(List.of("peer.test greets you"));
      words.addAll(extensions);
      if (tls != null && !(socket instanceof SSLSocket)) {
        words.add("STARTTLS");
      }
      for (int i = 0; i < words.size(); i++) {
        say("250" + (i == words.size() - 1 ? " " : "-") + words.get(i));
      }
    }

    private void startTls() throws IOException {
      SSLContext context = tls;
      if (context == null) {
        say("502 5.5.1 no TLS");
        return;
      }
      say("220 2.0.0 go ahead");
      SSLSocket encrypted =
          (SSLSocket) context.getSocketFactory().createSocket(socket, null, socket.getPort(), true);
      encrypted.setUseClientMode(false);
      encrypted.startHandshake();
      socket = encrypted;
      in = new BufferedInputStream(encrypted.getInputStream());
      out = encrypted.getOutputStream();
    }

    private void data() throws IOException {
      if (rcpts.isEmpty()) {
        say("554 5.5.1 no valid recipients");
        return;
      }
      say("354 go ahead");
      String message = message();
      Received whole = new Received(mail, List.copyOf(rcpts), message, socket instanceof SSLSocket);
      mail = "";
      if (!ruled(MESSAGE_END, whole.text())) {
        received.add(whole);
        say("250 2.0.0 taken");
      }
    }

    private String message() throws IOException {
      ByteArrayOutputStream message = new ByteArrayOutputStream();
      boolean first = true;
      while (true) {
        byte[] line = rawLine();
        if (line == null) {
          throw new HungUpException();
        }
        if (first) {
          ruled(MESSAGE_BEGIN, MESSAGE_BEGIN);
          first = false;
        }
        if (line.length == 1 && line[0] == '.') {
          return message.toString(StandardCharsets.ISO_8859_1);
        }
        int from = line.length > 0 && line[0] == '.' ? 1 : 0;
        message.write(line, from, line.length - from);
        message.write('\r');
        message.write('\n');
      }
    }

    /** Whether a rule answered. */
    private boolean ruled(String moment, String text) throws IOException {
      Map<String, Function<String, Answer>> present = new LinkedHashMap<>(rules);
      String upper = moment.toUpperCase(Locale.ROOT);
      for (Map.Entry<String, Function<String, Answer>> each : present.entrySet()) {
        if (upper.startsWith(each.getKey())) {
          return carriedOut(each.getValue().apply(text));
        }
      }
      return false;
    }

    private boolean carriedOut(Answer answer) throws IOException {
      return switch (answer) {
        case Answer.Usual usual -> false;
        case Answer.Say(List<String> lines) -> {
          for (String each : lines) {
            say(each);
          }
          yield true;
        }
        case Answer.SayAndHangUp(String line) -> {
          say(line);
          throw new HungUpException();
        }
        case Answer.HangUp hangUp -> throw new HungUpException();
        case Answer.Stall stall -> {
          while (in.read() >= 0) {
            // Listens and says nothing.
          }
          throw new HungUpException();
        }
      };
    }

    private void say(String line) throws IOException {
      out.write((line + "\r\n").getBytes(StandardCharsets.ISO_8859_1));
      out.flush();
    }

    private @Nullable String line() throws IOException {
      byte[] line = rawLine();
      return line == null ? null : new String(line, StandardCharsets.UTF_8);
    }

    private byte @Nullable [] rawLine() throws IOException {
      ByteArrayOutputStream line = new ByteArrayOutputStream();
      for (int octet = in.read(); octet >= 0; octet = in.read()) {
        if (octet == '\n') {
          byte[] whole = line.toByteArray();
          boolean cr = whole.length > 0 && whole[whole.length - 1] == '\r';
          return cr ? Arrays.copyOf(whole, whole.length - 1) : whole;
        }
        line.write(octet);
      }
      return null;
    }
  }
}
