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
import java.util.Set;
import java.util.StringJoiner;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/**
 * A {@code postriderd serve} of its own: configuration and data below one directory, free ports on
 * 127.0.0.1. It can be stopped as an operator would, killed, and started again on the same data and
 * ports.
 */
public final class RunningServer implements AutoCloseable {

  private static final Duration READY_MAX = Duration.ofSeconds(60);
  private static final Duration STOP_MAX = Duration.ofSeconds(60);
  private static final int FIRST_PORT = 10_000;
  private static final int LAST_PORT = 29_999;
  private static final int PORT_TRIES_MAX = 1_000;
  private static final Set<Integer> PORTS_GIVEN = ConcurrentHashMap.newKeySet();
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

  /**
   * A free port for each listener, that no other caller of this JVM has got. They are below those
   * that Linux gives to outgoing connections, so that none of these takes one before the server
   * does.
   */
  public static Map<String, Integer> freePorts() throws IOException {
    Map<String, Integer> ports = new TreeMap<>();
    for (String listener : LISTENERS) {
      ports.put(listener, freePort());
    }
    return ports;
  }

  private static int freePort() throws IOException {
    for (int tries = 0; tries < PORT_TRIES_MAX; tries++) {
      int port = ThreadLocalRandom.current().nextInt(FIRST_PORT, LAST_PORT + 1);
      if (PORTS_GIVEN.add(port) && isFree(port)) {
        return port;
      }
    }
    throw new IOException("no free port from " + FIRST_PORT + " to " + LAST_PORT);
  }

  private static boolean isFree(int port) {
    try (ServerSocket socket = new ServerSocket(port, 1, InetAddress.getLoopbackAddress())) {
      return socket.isBound();
    } catch (IOException e) {
      return false;
    }
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
    CompletableFuture<Boolean> ready = new CompletableFuture<>();
    reader =
        Thread.ofVirtual()
            .name("output of " + directory.getFileName())
            .start(() -> drain(child, ready));
    boolean isReady = await(ready, READY_MAX);
    startTime = Duration.ofNanos(System.nanoTime() - begin);
    if (!isReady) {
      child.destroyForcibly();
      throw new IOException("the server did not become ready: " + output());
    }
    return child;
  }

  private void drain(Process child, CompletableFuture<Boolean> ready) {
    try (BufferedReader lines = child.inputReader(UTF_8)) {
      String line;
      while ((line = lines.readLine()) != null) {
        synchronized (output) {
          output.add(line);
        }
        if (line.contains("postriderd ready")) {
          ready.complete(true);
        }
      }
    } catch (IOException e) {
      synchronized (output) {
        output.add("output ended: " + e.getMessage());
      }
    } finally {
      // Where it was not ready before, it never will be.
      ready.complete(false);
    }
  }

  private static boolean await(CompletableFuture<Boolean> ready, Duration atMost)
      throws IOException {
    try {
      return ready.get(atMost.toMillis(), TimeUnit.MILLISECONDS);
    } catch (TimeoutException e) {
      return false;
    } catch (InterruptedException | ExecutionException e) {
      throw new IOException("cannot wait for the server", e);
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
