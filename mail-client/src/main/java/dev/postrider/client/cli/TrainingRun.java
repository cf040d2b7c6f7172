package dev.postrider.client.cli;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.postrider.client.ExitCode;
import java.io.ByteArrayInputStream;
import java.io.OutputStream;
import java.io.PrintStream;
import java.time.Clock;
import java.util.List;
import java.util.Map;

/**
 * Runs the verbs once against the build's training server, so that the build can record which
 * classes they load. Not part of the program: the launcher never starts it.
 *
 * <p>Arguments: the configuration to use. The exit status is 1 when a verb fails, since then the
 * record would have a hole.
 */
final class TrainingRun {
  /** Replaced by the configuration file: a file that is there. */
  private static final String ATTACHMENT = "ATTACHMENT";

  private static final List<List<String>> LINES =
      List.of(
          List.of("--help"),
          List.of("version", "--json"),
          List.of("send", "--help"),
          List.of("account", "list"),
          List.of("list", "-A", "training"),
          List.of("list", "-A", "stranger"),
          List.of("list", "--unread", "--json"),
          List.of("read", "5"),
          List.of("read", "5", "--json"),
          List.of("search", "from:ann", "subject:x"),
          List.of("folder", "list", "--counts"),
          List.of("flag", "add", "seen", "5"),
          List.of("move", "5", "Trash"),
          List.of("send", "-t", "you@example.test", "-s", "ä", "--body", "ä", "-a", ATTACHMENT),
          List.of("send", "-t", "you@example.test", "-s", "x", "--body", "x", "--json"));

  private TrainingRun() {}

  public static void main(String[] arguments) {
    PrintStream nowhere = new PrintStream(OutputStream.nullOutputStream(), false, UTF_8);
    Map<String, String> environment =
        Map.of("POSTRIDER_CONFIG", arguments[0], "POSTRIDER_PASSWORD", "training");
    boolean complete = true;
    for (List<String> line : LINES) {
      Terminal terminal =
          new Terminal(
              new ByteArrayInputStream(new byte[0]),
              nowhere,
              nowhere,
              environment,
              false,
              false,
              false,
              Clock.systemUTC());
      int code = new Main(terminal).run(filled(line, arguments[0]));
      boolean refused = line.contains("stranger") && code == ExitCode.NO_PERMISSION.number();
      if (code != 0 && !refused) {
        System.err.println("postrider: training failed with " + code + ": " + line);
        complete = false;
      }
    }
    System.exit(complete ? 0 : 1);
  }

  private static String[] filled(List<String> line, String file) {
    return line.stream().map(a -> a.equals(ATTACHMENT) ? file : a).toArray(String[]::new);
  }
}
