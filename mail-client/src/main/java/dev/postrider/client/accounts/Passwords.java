package dev.postrider.client.accounts;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.postrider.client.ExitCode;
import dev.postrider.client.MailFailure;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;

/**
 * Gets the password of an account when a connection needs it. {@code POSTRIDER_PASSWORD} comes
 * before everything else; then the account's own source; a person is asked only on a terminal.
 */
public final class Passwords {
  /** How long a command may take; pass phrases are typed into dialogs that people must find. */
  private static final int COMMAND_SECONDS_MAX = 120;

  /** A password longer than this is some other file. Octets. */
  private static final int PASSWORD_OCTETS_MAX = 4096;

  private static final String ENVIRONMENT = "POSTRIDER_PASSWORD";

  private final Map<String, String> environment;
  private final Prompt prompt;

  public Passwords(Map<String, String> environment, Prompt prompt) {
    this.environment = environment;
    this.prompt = prompt;
  }

  public String of(Account account) throws MailFailure {
    String given = environment.get(ENVIRONMENT);
    if (given != null && !given.isEmpty()) {
      return given;
    }
    return switch (account.password()) {
      case PasswordSource.Command command ->
          firstLine(List.of("/bin/sh", "-c", command.shell()), "the password command")
              .orElseThrow(
                  () ->
                      new MailFailure(
                          ExitCode.NO_PERMISSION,
                          "the password command of account " + account.name() + " printed nothing",
                          "run it by hand: " + command.shell()));
      case PasswordSource.Keyring keyring -> fromKeyring(account);
      case PasswordSource.File file -> fromFile(file.path());
      case PasswordSource.Ask ask -> ask(account.user());
    };
  }

  /** Asks for the password of a login on the terminal, without echo. */
  public String ask(String user) throws MailFailure {
    return prompt
        .password("Password for " + user + ": ")
        .orElseThrow(
            () ->
                new MailFailure(
                    ExitCode.NO_PERMISSION,
                    "a password is needed and there is no terminal to ask on",
                    "set "
                        + ENVIRONMENT
                        + ", or give the account a password-command, password-file or keyring"));
  }

  /** Puts a password into the desktop's keyring. */
  public static void storeInKeyring(String user, String password) throws MailFailure {
    List<String> command =
        List.of(
            "secret-tool",
            "store",
            "--label",
            "Postrider " + user,
            "service",
            "postrider",
            "user",
            user);
    try {
      Process process =
          new ProcessBuilder(command).redirectError(ProcessBuilder.Redirect.DISCARD).start();
      try (var in = process.getOutputStream()) {
        in.write(password.getBytes(UTF_8));
      }
      if (!finished(process) || process.exitValue() != 0) {
        throw new MailFailure(
            ExitCode.UNAVAILABLE, "the keyring did not take the password", "is it unlocked?");
      }
    } catch (IOException e) {
      throw noSecretTool(e);
    }
  }

  private static String fromKeyring(Account account) throws MailFailure {
    return firstLine(
            List.of("secret-tool", "lookup", "service", "postrider", "user", account.user()),
            "secret-tool")
        .orElseThrow(
            () ->
                new MailFailure(
                    ExitCode.NO_PERMISSION,
                    "the keyring has no password for " + account.user(),
                    "run: postrider setup " + account.address() + " --keyring --replace"));
  }

  private static String fromFile(Path path) throws MailFailure {
    try (InputStream in = Files.newInputStream(path)) {
      return line(in.readNBytes(PASSWORD_OCTETS_MAX))
          .orElseThrow(
              () -> new MailFailure(ExitCode.CONFIG, "the password file " + path + " is empty"));
    } catch (IOException e) {
      throw new MailFailure(
              ExitCode.CONFIG,
              "cannot read the password file " + path + ": " + e.getMessage(),
              "run: postrider setup ADDRESS --password-stdin --replace")
          .causedBy(e);
    }
  }

  private static Optional<String> firstLine(List<String> command, String what) throws MailFailure {
    try {
      Process process =
          new ProcessBuilder(command)
              .redirectInput(ProcessBuilder.Redirect.INHERIT)
              .redirectError(ProcessBuilder.Redirect.INHERIT)
              .start();
      byte[] printed;
      try (InputStream out = process.getInputStream()) {
        printed = out.readNBytes(PASSWORD_OCTETS_MAX);
      }
      if (!finished(process)) {
        throw new MailFailure(ExitCode.TEMPORARY, what + " did not end in time");
      }
      return process.exitValue() == 0 ? line(printed) : Optional.empty();
    } catch (IOException e) {
      throw what.equals("secret-tool")
          ? noSecretTool(e)
          : new MailFailure(ExitCode.CONFIG, "cannot run " + what + ": " + e.getMessage())
              .causedBy(e);
    }
  }

  private static boolean finished(Process process) throws MailFailure {
    try {
      if (process.waitFor(COMMAND_SECONDS_MAX, TimeUnit.SECONDS)) {
        return true;
      }
      process.destroyForcibly();
      return false;
    } catch (InterruptedException e) {
      throw new MailFailure(ExitCode.SOFTWARE, "interrupted").causedBy(e);
    }
  }

  private static Optional<String> line(byte[] octets) {
    String text = new String(octets, UTF_8);
    String first = text.lines().findFirst().orElse("");
    return first.isEmpty() ? Optional.empty() : Optional.of(first);
  }

  private static MailFailure noSecretTool(IOException e) {
    return new MailFailure(
            ExitCode.UNAVAILABLE,
            "secret-tool, which talks to the keyring, cannot be run",
            "install libsecret-tools, or use --password-command or --password-stdin")
        .causedBy(e);
  }
}
