package dev.postrider.integration;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.File;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;

/** A program of the operating system, run as a child. */
final class Program {

  private static final Path ROOT = Path.of(System.getProperty("postrider.root"));

  private final List<String> command = new ArrayList<>();
  private final Map<String, String> environment = new TreeMap<>();
  private byte[] input = new byte[0];
  private Duration limit = Duration.ofMinutes(2);

  private Program(List<String> command) {
    this.command.addAll(command);
  }

  /** What it printed, both streams together, and how it ended. */
  static final class Ran {
    private final List<String> command;
    private final int status;
    private final byte[] octets;

    private Ran(List<String> command, int status, byte[] octets) {
      this.command = command;
      this.status = status;
      this.octets = octets;
    }

    int status() {
      return status;
    }

    byte[] octets() {
      return octets.clone();
    }

    String text() {
      return new String(octets, UTF_8);
    }

    /** This, when it ended well. */
    Ran ok() {
      if (status != 0) {
        throw new AssertionError(
            String.join(" ", command) + "\nended with " + status + " and printed:\n" + text());
      }
      return this;
    }
  }

  static Program of(String name, String... arguments) {
    if (!installed(name)) {
      throw new AssertionError(name + " is missing: run .ci/install, which gets it from Debian");
    }
    List<String> command = new ArrayList<>(List.of(name));
    command.addAll(List.of(arguments));
    return new Program(command);
  }

  /** Whether there is such a program, by its path or among the ones of this machine. */
  static boolean installed(String name) {
    boolean found = name.startsWith("/") && Files.isExecutable(Path.of(name));
    for (String place : System.getenv("PATH").split(File.pathSeparator, -1)) {
      found |= Files.isExecutable(Path.of(place, name));
    }
    return found;
  }

  /** A script of {@code peers}, with Python's own mail libraries. */
  static Program python(String script, String... arguments) {
    Path file =
        ROOT.resolve("integration-tests/src/test/resources/dev/postrider/integration/peers");
    List<String> all = new ArrayList<>(List.of(file.resolve(script).toString()));
    all.addAll(List.of(arguments));
    return of("python3", all.toArray(String[]::new));
  }

  /** More arguments. */
  Program args(String... arguments) {
    command.addAll(List.of(arguments));
    return this;
  }

  Program input(byte[] octets) {
    input = octets.clone();
    return this;
  }

  Program input(String text) {
    return input(text.getBytes(UTF_8));
  }

  Program with(String variable, String value) {
    environment.put(variable, value);
    return this;
  }

  Program limit(Duration atMost) {
    limit = atMost;
    return this;
  }

  /** Runs it to its end, or fails after the time limit. */
  Ran run() throws IOException, InterruptedException {
    ProcessBuilder builder = new ProcessBuilder(command).redirectErrorStream(true);
    builder.environment().putAll(environment);
    Process child = builder.start();
    CompletableFuture<byte[]> printed =
        CompletableFuture.supplyAsync(() -> allOf(child.getInputStream()));
    give(child);
    if (!child.waitFor(limit.toSeconds(), TimeUnit.SECONDS)) {
      child.destroyForcibly();
      throw new AssertionError(command + " still runs after " + limit + ": " + text(printed));
    }
    return new Ran(command, child.exitValue(), printed.join());
  }

  private void give(Process child) {
    try {
      child.getOutputStream().write(input);
      child.getOutputStream().close();
    } catch (IOException e) {
      // It ended without reading all of its input; its status says why.
    }
  }

  private static String text(CompletableFuture<byte[]> printed) {
    return new String(printed.join(), UTF_8);
  }

  private static byte[] allOf(InputStream stream) {
    try {
      return stream.readAllBytes();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
