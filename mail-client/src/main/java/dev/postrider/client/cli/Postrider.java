package dev.postrider.client.cli;

import dev.postrider.client.ExitCode;
import dev.postrider.client.MailFailure;
import dev.postrider.client.accounts.ConfigFile;
import dev.postrider.client.accounts.Prompt;
import dev.postrider.client.render.Palette;
import dev.postrider.client.session.Timeouts;
import dev.postrider.client.session.Trace;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Locale;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.ScopeType;

/** The program: options that every verb takes, and what follows from them. */
@Command(
    name = "postrider",
    synopsisSubcommandLabel = "VERB",
    description = "Reads and sends mail with any IMAP and SMTP server.",
    footerHeading = "%nExamples:%n",
    footer = {
      "  postrider setup you@example.org",
      "  postrider list --unread",
      "  postrider read 42",
      "  echo \"See you at nine.\" | postrider send -t bob@example.org -s Tomorrow",
      "  postrider search from:alice after:2026-01-01 --json",
      "",
      "postrider VERB --help tells more about a verb."
    })
final class Postrider {
  /** When colours are used. */
  enum Colour {
    auto,
    always,
    never
  }

  @Option(
      names = {"-A", "--account"},
      paramLabel = "NAME",
      scope = ScopeType.INHERIT,
      description = "The account to use, by name or address.")
  @Nullable String account;

  @Option(
      names = {"-c", "--config"},
      paramLabel = "FILE",
      scope = ScopeType.INHERIT,
      description = "The configuration file.")
  @Nullable Path config;

  @Option(
      names = "--json",
      scope = ScopeType.INHERIT,
      description = "Results and errors as JSON; nothing is asked.")
  boolean json;

  @Option(
      names = "--color",
      paramLabel = "WHEN",
      scope = ScopeType.INHERIT,
      defaultValue = "auto",
      description = "auto, always or never. NO_COLOR is honoured.")
  Colour colour = Colour.auto;

  @Option(
      names = {"-q", "--quiet"},
      scope = ScopeType.INHERIT,
      description = "Only results and errors.")
  boolean quiet;

  @Option(
      names = {"-v", "--verbose"},
      scope = ScopeType.INHERIT,
      description = "Errors with their causes.")
  boolean verbose;

  @Option(
      names = "--trace",
      paramLabel = "FILE",
      scope = ScopeType.INHERIT,
      description = "Writes the dialogue with the servers to FILE, without passwords.")
  @Nullable Path trace;

  @Option(
      names = "--timeout",
      paramLabel = "SECONDS",
      scope = ScopeType.INHERIT,
      description = "How long to wait for a server. Default: 10 to connect, 60 to answer.")
  int timeoutSeconds;

  @Option(
      names = {"-h", "--help"},
      usageHelp = true,
      scope = ScopeType.INHERIT,
      description = "Shows this help.")
  boolean help;

  @Option(names = "--version", description = "Shows the version.")
  boolean version;

  private final Terminal terminal;
  private @Nullable Trace openTrace;

  Postrider(Terminal terminal) {
    this.terminal = terminal;
  }

  Terminal terminal() {
    return terminal;
  }

  ConfigFile configFile() {
    return ConfigFile.locate(Optional.ofNullable(config), terminal.environment());
  }

  Palette palette() {
    boolean coloured =
        switch (colour) {
          case always -> true;
          case never -> false;
          case auto ->
              terminal.outIsTerminal()
                  && terminal.environment().getOrDefault("NO_COLOR", "").isEmpty()
                  && !terminal.environment().getOrDefault("TERM", "").equals("dumb");
        };
    return coloured && !json ? Palette.COLOURED : Palette.PLAIN;
  }

  Prompt prompt() {
    return terminal.inIsTerminal() && !json ? new ConsolePrompt(terminal) : Prompt.NOBODY;
  }

  Timeouts timeouts() throws MailFailure {
    if (timeoutSeconds < 0) {
      throw new MailFailure(ExitCode.USAGE, "--timeout is a number of seconds above 0");
    }
    return timeoutSeconds == 0
        ? Timeouts.USUAL
        : Timeouts.USUAL.withRead(Duration.ofSeconds(timeoutSeconds));
  }

  Trace trace() throws MailFailure {
    if (openTrace == null) {
      openTrace = trace == null ? Trace.NONE : openTrace(trace);
    }
    return openTrace;
  }

  private static Trace openTrace(Path file) throws MailFailure {
    try {
      OutputStream out = Files.newOutputStream(file);
      return Trace.to(out);
    } catch (IOException e) {
      throw new MailFailure(
              ExitCode.CANNOT_CREATE, "cannot write the trace " + file + ": " + e.getMessage())
          .causedBy(e);
    }
  }

  /** The words of a flag that names one of some values. */
  static String word(Enum<?> value) {
    return value.name().toLowerCase(Locale.ROOT);
  }
}
