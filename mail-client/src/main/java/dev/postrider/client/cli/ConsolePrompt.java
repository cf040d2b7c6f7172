package dev.postrider.client.cli;

import dev.postrider.client.accounts.Prompt;
import java.io.BufferedReader;
import java.io.Console;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.Optional;

/** Asks on the terminal; questions go to standard error, so that results stay clean. */
final class ConsolePrompt implements Prompt {
  private final Terminal terminal;

  ConsolePrompt(Terminal terminal) {
    this.terminal = terminal;
  }

  @Override
  @SuppressWarnings("SystemConsoleNull") // Error Prone and NullAway disagree on it.
  public Optional<String> password(String question) {
    Console console = System.console();
    if (console == null || !console.isTerminal()) {
      return Optional.empty();
    }
    char[] typed = console.readPassword("%s", question);
    return typed == null || typed.length == 0
        ? Optional.empty()
        : Optional.of(String.valueOf(typed));
  }

  @Override
  public Optional<String> line(String question) {
    terminal.err().print(question);
    terminal.err().flush();
    try {
      BufferedReader reader =
          new BufferedReader(new InputStreamReader(terminal.in(), StandardCharsets.UTF_8));
      return Optional.ofNullable(reader.readLine()).map(String::strip);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
