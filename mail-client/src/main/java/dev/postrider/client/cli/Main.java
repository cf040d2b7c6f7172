package dev.postrider.client.cli;

import dev.postrider.client.ExitCode;
import dev.postrider.client.MailFailure;
import dev.postrider.client.render.JsonObject;
import dev.postrider.client.render.SafeText;
import dev.postrider.client.session.LenientParsing;
import dev.postrider.client.session.ServerMessage;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.logging.LogManager;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Help.Ansi;
import picocli.CommandLine.ParameterException;

/** The entry point: arguments in, exit code out, every failure told once. */
public final class Main {
  private final Terminal terminal;

  Main(Terminal terminal) {
    this.terminal = terminal;
  }

  public static void main(String[] arguments) {
    int code = new Main(Terminal.ofProcess()).run(arguments);
    Runtime.getRuntime().halt(code);
  }

  /** Runs one verb and returns the exit status. */
  int run(String... arguments) {
    LenientParsing.install();
    // Angus tells its worries to java.util.logging, which would print them between our lines.
    LogManager.getLogManager().reset();
    Postrider program = new Postrider(terminal);
    CommandLine line = Verbs.commandLine(program, arguments);
    line.setOut(new PrintWriter(terminal.out(), true, StandardCharsets.UTF_8));
    line.setErr(new PrintWriter(terminal.err(), true, StandardCharsets.UTF_8));
    line.setColorScheme(
        CommandLine.Help.defaultColorScheme(coloured(arguments) ? Ansi.ON : Ansi.OFF));
    line.setParameterExceptionHandler((e, args) -> usage(e, args));
    line.setExecutionExceptionHandler((e, command, result) -> failed(e, program));
    int code = line.execute(arguments);
    terminal.out().flush();
    terminal.err().flush();
    return code;
  }

  private boolean coloured(String[] arguments) {
    return terminal.outIsTerminal()
        && terminal.environment().getOrDefault("NO_COLOR", "").isEmpty()
        && !List.of(arguments).contains("--color=never");
  }

  private int usage(ParameterException e, String[] arguments) {
    String verb = e.getCommandLine().getCommandSpec().qualifiedName();
    MailFailure failure =
        new MailFailure(ExitCode.USAGE, firstLine(e.getMessage()), "see " + verb + " --help");
    tell(failure, Arrays.asList(arguments).contains("--json"), false);
    return failure.exitCode().number();
  }

  private int failed(Exception thrown, Postrider program) {
    MailFailure failure = asFailure(thrown);
    tell(failure, program.json, program.verbose);
    return failure.exitCode().number();
  }

  private static MailFailure asFailure(Exception thrown) {
    return switch (thrown) {
      case MailFailure f -> f;
      case ServerMessage.BrokenFetch e -> e.failure();
      case UncheckedIOException e -> io(e);
      case IOException e -> io(e);
      default ->
          new MailFailure(
                  ExitCode.SOFTWARE,
                  "a fault of this program: " + thrown,
                  "please report it with the output of the same command and -v")
              .causedBy(thrown);
    };
  }

  private static MailFailure io(Exception e) {
    return new MailFailure(ExitCode.IO, "reading or writing failed: " + e.getMessage()).causedBy(e);
  }

  private void tell(MailFailure failure, boolean json, boolean verbose) {
    terminal.out().flush();
    if (json) {
      JsonObject error =
          new JsonObject()
              .put("message", failure.text())
              .put("hint", failure.hint())
              .put("exitCode", failure.exitCode().number())
              .put("stage", failure.stage());
      failure.replyCode().ifPresent(code -> error.put("replyCode", code));
      terminal.err().println(JsonObject.ofSchema("error").put("error", error).compact());
    } else {
      terminal.err().println("postrider: " + SafeText.line(failure.text()));
      failure.hint().ifPresent(h -> terminal.err().println("  " + SafeText.line(h)));
    }
    if (verbose) {
      for (Throwable t = failure.getCause(); t != null; t = t.getCause()) {
        terminal.err().println("  because: " + SafeText.line(t.toString()));
      }
    }
    terminal.err().flush();
  }

  private static String firstLine(@Nullable String text) {
    return text == null ? "wrong arguments" : text.lines().findFirst().orElse(text);
  }
}
