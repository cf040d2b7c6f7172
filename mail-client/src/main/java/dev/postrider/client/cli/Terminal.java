package dev.postrider.client.cli;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.BufferedOutputStream;
import java.io.FileDescriptor;
import java.io.FileOutputStream;
import java.io.InputStream;
import java.io.PrintStream;
import java.time.Clock;
import java.time.ZoneId;
import java.util.Map;

/**
 * What the program stands in.
 *
 * @param in standard input
 * @param out results; UTF-8 whatever the locale says
 * @param err errors, questions, progress
 * @param environment its variables
 * @param inIsTerminal whether a person can answer on {@code in}
 * @param outIsTerminal whether a person reads {@code out}
 * @param errIsTerminal whether a person sees {@code err}
 * @param clock what time it is, and in which zone
 */
public record Terminal(
    InputStream in,
    PrintStream out,
    PrintStream err,
    Map<String, String> environment,
    boolean inIsTerminal,
    boolean outIsTerminal,
    boolean errIsTerminal,
    Clock clock) {

  /**
   * The real one. The launcher says which descriptors are terminals: Java can only tell whether all
   * are.
   */
  @SuppressWarnings("SystemOut")
  static Terminal ofProcess() {
    String terminals = System.getProperty("postrider.terminals", "");
    return new Terminal(
        System.in,
        stream(FileDescriptor.out),
        stream(FileDescriptor.err),
        System.getenv(),
        terminals.contains("0"),
        terminals.contains("1"),
        terminals.contains("2"),
        Clock.system(ZoneId.systemDefault()));
  }

  private static PrintStream stream(FileDescriptor descriptor) {
    return new PrintStream(
        new BufferedOutputStream(new FileOutputStream(descriptor), 8192), false, UTF_8);
  }
}
