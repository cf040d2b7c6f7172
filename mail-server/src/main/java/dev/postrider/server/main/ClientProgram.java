package dev.postrider.server.main;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;

/** The real client, as a process of its own; the demo has it send and read a message. */
final class ClientProgram {

  private static final long SECONDS_MAX = 120;

  /** Octets of its output that are kept. */
  private static final int OUTPUT_OCTETS_MAX = 1024 * 1024;

  private final Path program;
  private final Path config;

  private ClientProgram(Path program, Path config) {
    this.program = program;
    this.config = config;
  }

  /**
   * Looks for it beside this program, in the build beside it, and on the path.
   *
   * @param home directory above {@code bin/} and {@code lib/} of this program; empty when it does
   *     not run from there
   * @param config where the client keeps its accounts
   */
  static ClientProgram find(Optional<Path> home, Map<String, String> environment, Path config) {
    List<Path> places = new ArrayList<>();
    home.ifPresent(
        directory -> {
          places.add(directory.resolve("bin/postrider"));
          places.add(directory.resolveSibling("postrider").resolve("bin/postrider"));
          places.add(
              directory.resolve("../../../mail-client/target/postrider/bin/postrider").normalize());
        });
    for (String entry : environment.getOrDefault("PATH", "").split(":")) {
      if (!entry.isEmpty()) {
        places.add(Path.of(entry).resolve("postrider"));
      }
    }
    return places.stream()
        .filter(Files::isExecutable)
        .findFirst()
        .map(program -> new ClientProgram(program, config))
        .orElseThrow(
            () ->
                new Refusal(
                    ExitCode.UNAVAILABLE,
                    "the client program 'postrider' is not here; build it with 'mvn package', or"
                        + " put it on the PATH"));
  }

  /**
   * Runs it and returns what it printed.
   *
   * @param input for its standard input
   */
  String run(String input, String... arguments) throws IOException, InterruptedException {
    List<String> line = new ArrayList<>(List.of(program.toString(), "--config", config.toString()));
    line.addAll(List.of(arguments));
    ProcessBuilder builder = new ProcessBuilder(line).redirectErrorStream(true);
    builder.environment().keySet().removeIf(name -> name.startsWith("POSTRIDER_"));
    builder.environment().put("JAVA_HOME", System.getProperty("java.home"));
    Process process = builder.start();
    CompletableFuture<byte[]> output =
        CompletableFuture.supplyAsync(() -> read(process.getInputStream()));
    try (OutputStream in = process.getOutputStream()) {
      in.write(input.getBytes(StandardCharsets.UTF_8));
    } catch (IOException ended) {
      // It ended without reading all of it; its status tells why.
      process.destroy();
    }
    if (!process.waitFor(SECONDS_MAX, TimeUnit.SECONDS)) {
      process.destroyForcibly();
      throw new Refusal(
          ExitCode.SOFTWARE, "the client did not end within " + SECONDS_MAX + " seconds");
    }
    String text = new String(output.join(), StandardCharsets.UTF_8);
    if (process.exitValue() != 0) {
      throw new Refusal(
          ExitCode.SOFTWARE,
          "the client failed with status %d: postrider %s: %s"
              .formatted(process.exitValue(), String.join(" ", arguments), text.strip()));
    }
    return text;
  }

  private static byte[] read(InputStream in) {
    try (in) {
      byte[] head = in.readNBytes(OUTPUT_OCTETS_MAX);
      in.transferTo(OutputStream.nullOutputStream());
      return head;
    } catch (IOException closed) {
      return new byte[0];
    }
  }
}
