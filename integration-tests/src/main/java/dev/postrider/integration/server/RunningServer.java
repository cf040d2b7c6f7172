package dev.postrider.integration.server;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.StringJoiner;
import java.util.TreeMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/**
 * A {@code postriderd serve} of its own: configuration and data below one directory, free ports on
 * 127.0.0.1. It can be stopped as an operator would, killed, and started again on the same data and
 * ports.
 */
public final class RunningServer implements AutoCloseable {

  private static final Duration READY_MAX = Duration.ofSeconds(60);
  private static final Duration STOP_MAX = Duration.ofSeconds(60);
  private static final List<String> LISTENERS =
      List.of("smtp", "submission", "submissions", "imap", "imaps", "http");

  private final List<String> prefix;
  private final Installation installation;
  private final Path directory;
  private final Map<String, Integer> ports;
  private final List<String> output = new ArrayList<>();
  private String javaOptions = "";
  private Process process;
  private Thread reader = Thread.currentThread();
  private Duration startTime = Duration.ZERO;

  private RunningServer(
      List<String> prefix, Installation installation, Path directory, Map<String, Integer> ports)
      throws IOException {
    this.prefix = List.copyOf(prefix);
    this.installation = installation;
    this.directory = directory;
    this.ports = ports;
    this.process = launch();
  }

  /**
   * Writes a configuration and starts the server.
   *
   * @param directory empty; gets {@code postrider.toml} and {@code data}
   * @param more TOML that is added at the end, such as {@code [[route]]} tables
   */
  public static RunningServer start(
      Installation installation, Path directory, String domain, String more) throws IOException {
    return start(installation, directory, domain, freePorts(), more);
  }

  /** The same on ports that were chosen before, from {@link #freePorts}. */
  public static RunningServer start(
      Installation installation,
      Path directory,
      String domain,
      Map<String, Integer> ports,
      String more)
      throws IOException {
    return start(List.of(), installation, directory, domain, ports, more);
  }

  /**
   * The same by another program, such as {@code nsenter}.
   *
   * @param prefix that program and its arguments, before those of the server
   */
  public static RunningServer start(
      List<String> prefix,
      Installation installation,
      Path directory,
      String domain,
      Map<String, Integer> ports,
      String more)
      throws IOException {
    StringJoiner config = new StringJoiner("\n", "", "\n");
    config.add("hostname = \"mx." + domain + "\"").add("domains = [\"" + domain + "\"]");
    config.add("[listen]");
    ports.forEach((name, port) -> config.add(name + " = \"127.0.0.1:" + port + "\""));
    config.add(more);
    Files.createDirectories(directory);
    Files.writeString(directory.resolve("postrider.toml"), config.toString());
    return new RunningServer(prefix, installation, directory, ports);
  }

  /** A free port for each listener. All are held until the last is found, so they differ. */
  public static Map<String, Integer> freePorts() throws IOException {
    List<ServerSocket> held = new ArrayList<>();
    Map<String, Integer> ports = new TreeMap<>();
    try {
      for (String listener : LISTENERS) {
        ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress());
        held.add(socket);
        ports.put(listener, socket.getLocalPort());
      }
    } finally {
      for (ServerSocket socket : held) {
        socket.close();
      }
    }
    return ports;
  }

  /** Port of a listener, by its key in the configuration. */
  public int port(String listener) {
    Integer port = ports.get(listener);
    if (port == null) {
      throw new IllegalArgumentException("no listener " + listener);
    }
    return port;
  }

  /** Certificate that the server made for itself, PEM. */
  public Path certificate() {
    return directory.resolve("data/tls/self-signed.crt");
  }

  /** The key of {@link #certificate}, PEM. */
  public Path certificateKey() {
    return directory.resolve("data/tls/self-signed.key");
  }

  public Path dataDirectory() {
    return directory.resolve("data");
  }

  /** From the start of the process to its ready line. */
  public Duration startTime() {
    return startTime;
  }

  public ProcessHandle process() {
    return process.toHandle();
  }

  /** Everything the server printed since it was last started. */
  public List<String> output() {
    synchronized (output) {
      return List.copyOf(output);
    }
  }

  /** Makes an account through the program, while the server runs. */
  public void addAccount(String address, String password) throws IOException {
    admin(password + "\n", "account", "add", address, "--password-stdin");
  }

  /** Runs an administrative command against this server; returns what it printed. */
  public String admin(String input, String... arguments) throws IOException {
    List<String> command = new ArrayList<>(prefix);
    command.add(installation.server().toString());
    command.addAll(List.of(arguments));
    command.addAll(configuration());
    Process child = new ProcessBuilder(command).redirectErrorStream(true).start();
    try (var in = child.getOutputStream()) {
      in.write(input.getBytes(UTF_8));
    }
    String printed = new String(child.getInputStream().readAllBytes(), UTF_8);
    int status = waitFor(child, STOP_MAX);
    if (status != 0) {
      throw new IOException(String.join(" ", command) + " ended with " + status + ": " + printed);
    }
    return printed;
  }

  /** SIGTERM; returns the exit status. */
  public int stop() throws IOException {
    process.destroy();
    return waitFor(process, STOP_MAX);
  }

  /** SIGKILL. What it printed before is in {@link #output} afterwards. */
  public void kill() throws IOException {
    process.destroyForcibly();
    waitFor(process, STOP_MAX);
    try {
      reader.join(STOP_MAX);
    } catch (InterruptedException e) {
      throw new IOException("interrupted", e);
    }
  }

  /** After {@link #stop} or {@link #kill}: the same server once more. */
  public void startAgain() throws IOException {
    process = launch();
  }

  /** From the next start on, options of its JVM, such as {@code -Xmx400m}. */
  public void withJavaOptions(String options) {
    javaOptions = options;
  }

  /** Kills it if it still runs. Its directory stays. */
  @Override
  public void close() {
    try {
      kill();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private List<String> configuration() {
    return List.of(
        "--config",
        directory.resolve("postrider.toml").toString(),
        "--data",
        dataDirectory().toString());
  }

  private Process launch() throws IOException {
    synchronized (output) {
      output.clear();
    }
    List<String> command = new ArrayList<>(prefix);
    command.addAll(List.of(installation.server().toString(), "serve"));
    command.addAll(configuration());
    long begin = System.nanoTime();
    ProcessBuilder builder = new ProcessBuilder(command).redirectErrorStream(true);
    if (!javaOptions.isEmpty()) {
      builder.environment().put("POSTRIDER_JAVA_OPTS", javaOptions);
    }
    Process child = builder.start();
    CountDownLatch ready = new CountDownLatch(1);
    reader =
        Thread.ofVirtual()
            .name("output of " + directory.getFileName())
            .start(() -> drain(child, ready));
    boolean inTime = await(ready, READY_MAX);
    startTime = Duration.ofNanos(System.nanoTime() - begin);
    if (!inTime || !child.isAlive()) {
      child.destroyForcibly();
      throw new IOException("the server did not become ready: " + output());
    }
    return child;
  }

  private void drain(Process child, CountDownLatch ready) {
    try (BufferedReader lines = child.inputReader(UTF_8)) {
      String line;
      while ((line = lines.readLine()) != null) {
        synchronized (output) {
          output.add(line);
        }
        if (line.contains("postriderd ready")) {
          ready.countDown();
        }
      }
    } catch (IOException e) {
      synchronized (output) {
        output.add("output ended: " + e.getMessage());
      }
    } finally {
      ready.countDown();
    }
  }

  private static boolean await(CountDownLatch latch, Duration atMost) throws IOException {
    try {
      return latch.await(atMost.toMillis(), TimeUnit.MILLISECONDS);
    } catch (InterruptedException e) {
      throw new IOException("interrupted", e);
    }
  }

  private static int waitFor(Process child, Duration atMost) throws IOException {
    try {
      if (!child.waitFor(atMost.toMillis(), TimeUnit.MILLISECONDS)) {
        throw new IOException("process " + child.pid() + " still runs after " + atMost);
      }
      return child.exitValue();
    } catch (InterruptedException e) {
      throw new IOException("interrupted", e);
    }
  }
}
