package dev.postrider.server.main;

import java.io.BufferedReader;
import java.io.Console;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.Optional;

/**
 * What surrounds the program. Tests make their own.
 *
 * @param console present when a person sits there, who can be asked
 * @param errIsTerminal whether a person sees {@code err}; the launcher says so, for Java cannot
 *     tell the streams apart
 */
record Shell(
    PrintStream out,
    PrintStream err,
    InputStream in,
    Map<String, String> environment,
    Optional<Console> console,
    boolean errIsTerminal) {

  static Shell ofProcess() {
    return new Shell(
        new PrintStream(System.out, true, StandardCharsets.UTF_8),
        new PrintStream(System.err, true, StandardCharsets.UTF_8),
        System.in,
        System.getenv(),
        Optional.ofNullable(System.console()).filter(Console::isTerminal),
        Boolean.getBoolean("postrider.err-terminal"));
  }

  /** The first line of standard input, without its end. */
  String readLine() {
    try {
      String line =
          new BufferedReader(new InputStreamReader(in, StandardCharsets.UTF_8)).readLine();
      if (line == null) {
        throw new Refusal(ExitCode.DATA, "standard input is empty; write the password to it");
      }
      return line;
    } catch (IOException failed) {
      throw new Refusal(ExitCode.IO, "standard input cannot be read: " + failed.getMessage());
    }
  }
}
