package dev.postrider.client.cli;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.ByteArrayInputStream;
import java.io.OutputStream;
import java.io.PrintStream;
import java.time.Clock;
import java.util.List;
import java.util.Map;

/**
 * Runs the verbs once, so that the build can record which classes they load. Not part of the
 * program: the launcher never starts it.
 */
final class TrainingRun {
  private static final List<List<String>> LINES =
      List.of(
          List.of("--help"),
          List.of("version", "--json"),
          List.of("list", "--help"),
          List.of("send", "--help"),
          List.of("account", "list"));

  private TrainingRun() {}

  public static void main(String[] arguments) {
    PrintStream nowhere = new PrintStream(OutputStream.nullOutputStream(), false, UTF_8);
    Terminal terminal =
        new Terminal(
            new ByteArrayInputStream(new byte[0]),
            nowhere,
            nowhere,
            Map.of("POSTRIDER_CONFIG", "/nonexistent"),
            false,
            false,
            false,
            Clock.systemUTC());
    for (List<String> line : LINES) {
      new Main(terminal).run(line.toArray(new String[0]));
    }
  }
}
