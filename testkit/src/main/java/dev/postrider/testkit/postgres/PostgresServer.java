package dev.postrider.testkit.postgres;

import static java.util.Objects.requireNonNull;

import dev.postrider.testkit.files.FileTree;
import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/**
 * A PostgreSQL server with a cluster of its own in a temporary directory, on a free port of
 * 127.0.0.1. It does not touch the cluster that Debian's package may have started.
 *
 * <p>It is set up as operators have it where that matters: it forces to disk, asks for a password,
 * and sorts text by the rules of a language and not by octets. It ends when this JVM ends, however
 * that comes about: beside it a shell waits for the end of a pipe from here.
 *
 * <pre>{@code
 * Database database = PostgresServer.shared().newDatabase();
 * }</pre>
 */
public final class PostgresServer implements AutoCloseable {

  private static final String HOST = "127.0.0.1";
  private static final String USER = "postrider";
  private static final int CONNECTIONS_MAX = 200;
  private static final int START_SECONDS_MAX = 60;
  private static final int STOP_SECONDS_MAX = 60;
  private static final int POLL_MILLIS = 20;

  /** Another process may take a free port before the server does. */
  private static final int PORTS_TRIED_MAX = 10;

  /**
   * Becomes the server, so that the process started here is the postmaster. What stays behind waits
   * for a line or the end of its input and then sends SIGINT, which is a fast shutdown: clients are
   * cut off, all is written. When that was the end of this JVM, the files go too.
   */
  private static final String SHELL =
      """
      exec 3<&0
      {
        read -r line
        kill -INT $$
        while kill -0 $$; do sleep 0.1; done
        [ -d "/proc/$1" ] || rm -rf "$0"
      } <&3 2>/dev/null &
      shift
      exec "$@" 3<&- </dev/null
      """;

  private static @Nullable PostgresServer shared;

  private final PostgresPrograms programs;
  private final Path directory;
  private final boolean ofAll;
  private final String password = UUID.randomUUID().toString();
  private final AtomicInteger databases = new AtomicInteger();
  private int port;
  private @Nullable Process postmaster;

  private PostgresServer(boolean ofAll, Ports ports) throws IOException {
    this.ofAll = ofAll;
    programs = PostgresPrograms.installed();
    directory = programs.newDirectory();
    Runtime.getRuntime().addShutdownHook(new Thread(this::end, "postgres-end"));
    makeCluster();
    port = startOnFreePort(ports);
  }

  /** Where ports that seem free come from. */
  @FunctionalInterface
  interface Ports {
    int next() throws IOException;
  }

  /**
   * The server of this JVM, started when it is first asked for. It stays up until the JVM ends:
   * nobody may stop it.
   *
   * @throws UncheckedIOException when PostgreSQL is not installed or does not start
   */
  public static synchronized PostgresServer shared() {
    if (shared == null) {
      try {
        shared = new PostgresServer(true, PostgresServer::freePort);
      } catch (IOException e) {
        throw new UncheckedIOException(e.getMessage(), e);
      }
    }
    return shared;
  }

  /** A server for one test, which may stop and kill it. */
  public static PostgresServer start() throws IOException {
    return start(PostgresServer::freePort);
  }

  static PostgresServer start(Ports ports) throws IOException {
    return new PostgresServer(false, ports);
  }

  /** Makes an empty database that nobody else has. */
  public Database newDatabase() throws IOException {
    String name = "test_" + databases.incrementAndGet();
    sql("postgres", "create database " + name);
    return new Database(this, HOST, port, name, USER, password);
  }

  public int port() {
    return port;
  }

  /** Of the postmaster. */
  synchronized long processId() {
    return requireNonNull(postmaster, "it is not running").pid();
  }

  Path directory() {
    return directory;
  }

  /** Shuts it down cleanly, without waiting for clients to leave. */
  public synchronized void stop() throws IOException {
    refuseIfOfAll();
    stopFast();
  }

  /** Kills it and all its processes with SIGKILL. */
  public synchronized void kill() {
    refuseIfOfAll();
    killAll();
  }

  private void killAll() {
    Process process = postmaster;
    if (process == null) {
      return;
    }
    List<ProcessHandle> backends = process.descendants().toList();
    process.destroyForcibly();
    awaitEnd(process.toHandle());
    backends.forEach(ProcessHandle::destroyForcibly);
    for (ProcessHandle backend : backends) {
      awaitEnd(backend);
    }
    postmaster = null;
  }

  /** Starts it again, after {@link #stop} or {@link #kill}, on the same port. */
  public synchronized void startAgain() throws IOException {
    if (postmaster != null) {
      throw new IllegalStateException("it is running");
    }
    for (int tries = 1; ; tries++) {
      if (isStartedOn(port)) {
        return;
      }
      if (tries == PORTS_TRIED_MAX) {
        throw new IOException("port " + port + " was taken by another program");
      }
    }
  }

  /** Stops it and removes its files. */
  @Override
  public void close() throws IOException {
    stop();
    removeFiles();
  }

  /** See {@link Database#sql}. */
  String sql(String database, String sql) throws IOException {
    return programs
        .run(
            directory,
            programs.path("psql"),
            "--no-psqlrc",
            "--quiet",
            "--no-align",
            "--tuples-only",
            "--set=ON_ERROR_STOP=1",
            "--host=" + directory,
            "--port=" + port,
            "--username=" + USER,
            "--dbname=" + database,
            "--command=" + sql)
        .strip();
  }

  /** Whoever can read the directory may use the Unix socket in it without a password. */
  private void makeCluster() throws IOException {
    Path secret = directory.resolve("password");
    Files.writeString(secret, password);
    secret.toFile().setReadable(true, false);
    programs.run(
        directory,
        programs.path("initdb"),
        "--pgdata=" + directory.resolve("data"),
        "--username=" + USER,
        "--pwfile=" + secret,
        "--auth-local=trust",
        "--auth-host=scram-sha-256",
        "--encoding=UTF8",
        "--locale=C.UTF-8",
        "--locale-provider=icu",
        "--icu-locale=en",
        "--no-sync");
  }

  private synchronized int startOnFreePort(Ports ports) throws IOException {
    for (int tries = 1; tries <= PORTS_TRIED_MAX; tries++) {
      int free = ports.next();
      if (isStartedOn(free)) {
        return free;
      }
    }
    throw new IOException("other programs took " + PORTS_TRIED_MAX + " free ports in turn");
  }

  static int freePort() throws IOException {
    try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.ofLiteral(HOST))) {
      return socket.getLocalPort();
    }
  }

  /**
   * Starts it and waits until it takes connections.
   *
   * @return false when another program has the port
   */
  private boolean isStartedOn(int wanted) throws IOException {
    Path log = directory.resolve("log");
    Process process =
        new ProcessBuilder(
                programs.command(
                    "/bin/sh",
                    "-c",
                    SHELL,
                    directory.toString(),
                    Long.toString(ProcessHandle.current().pid()),
                    programs.path("postgres"),
                    "-D",
                    directory.resolve("data").toString(),
                    "-c",
                    "listen_addresses=" + HOST,
                    "-c",
                    "port=" + wanted,
                    "-c",
                    "unix_socket_directories=" + directory,
                    "-c",
                    "max_connections=" + CONNECTIONS_MAX))
            .directory(directory.toFile())
            .redirectErrorStream(true)
            .redirectOutput(log.toFile())
            .start();
    for (int waited = 0; waited < START_SECONDS_MAX * 1000; waited += POLL_MILLIS) {
      if (hasEnded(process, POLL_MILLIS)) {
        String said = Files.readString(log);
        if (said.contains("could not bind")) {
          return false;
        }
        throw new IOException("postgres did not start: " + said.strip());
      }
      if (isReady(process)) {
        postmaster = process;
        return true;
      }
    }
    process.destroyForcibly();
    throw new IOException("postgres is not ready yet: " + Files.readString(log).strip());
  }

  /** What a postmaster writes: its process id in the first line, its state in the eighth. */
  private boolean isReady(Process process) throws IOException {
    try {
      List<String> lines = Files.readAllLines(directory.resolve("data/postmaster.pid"));
      return lines.size() >= 8
          && lines.getFirst().equals(Long.toString(process.pid()))
          && lines.get(7).strip().equals("ready");
    } catch (NoSuchFileException e) {
      return false;
    }
  }

  private void stopFast() throws IOException {
    Process process = postmaster;
    if (process == null || !process.isAlive()) {
      postmaster = null;
      return;
    }
    try (OutputStream input = process.getOutputStream()) {
      input.write('\n');
    }
    if (!hasEnded(process, STOP_SECONDS_MAX * 1000)) {
      process.destroyForcibly();
      throw new IOException("postgres does not stop; killed");
    }
    postmaster = null;
  }

  private static boolean hasEnded(Process process, int millis) throws IOException {
    try {
      return process.waitFor(millis, TimeUnit.MILLISECONDS);
    } catch (InterruptedException e) {
      process.destroyForcibly();
      throw new IOException("interrupted", e);
    }
  }

  /** One that ended may stay in the list of processes, where nobody asks for its exit code. */
  private static void awaitEnd(ProcessHandle process) {
    Path stat = Path.of("/proc", Long.toString(process.pid()), "stat");
    CountDownLatch never = new CountDownLatch(1);
    try {
      for (int waited = 0; waited < STOP_SECONDS_MAX * 1000; waited += POLL_MILLIS) {
        if (!process.isAlive() || isZombie(stat)) {
          return;
        }
        var _ = never.await(POLL_MILLIS, TimeUnit.MILLISECONDS);
      }
    } catch (InterruptedException e) {
      throw new IllegalStateException("interrupted", e);
    }
    throw new IllegalStateException("process " + process.pid() + " does not end");
  }

  /** The state stands behind the name, which is in parentheses and may have some of its own. */
  private static boolean isZombie(Path stat) {
    try {
      String line = Files.readString(stat);
      return line.startsWith("Z", line.lastIndexOf(')') + 2);
    } catch (IOException e) {
      return true;
    }
  }

  private void refuseIfOfAll() {
    if (ofAll) {
      throw new IllegalStateException("other tests use this server: start one of your own");
    }
  }

  /** Its files go: there is nothing to write out, which would take long. */
  private synchronized void end() {
    try {
      killAll();
      removeFiles();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private void removeFiles() throws IOException {
    FileTree.delete(directory);
  }
}
