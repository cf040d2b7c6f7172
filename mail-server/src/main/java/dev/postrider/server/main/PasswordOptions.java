package dev.postrider.server.main;

import dev.postrider.protocol.address.MailAddress;
import dev.postrider.server.admin.AdminRequest.Password;
import java.io.Console;
import java.security.SecureRandom;
import java.util.Arrays;
import picocli.CommandLine.Option;

/**
 * Where a password comes from: standard input, chance, or a person who is asked twice. Never from
 * an argument, which every user of the machine could read.
 */
final class PasswordOptions {

  /** Without letters and digits that look alike. */
  private static final String ALPHABET = "abcdefghijkmnpqrstuvwxyzACDEFGHJKLMNPQRTUVWXYZ2346789";

  /** 20 of 53: 114 bits. */
  private static final int LENGTH = 20;

  @Option(names = "--password-stdin", description = "Read the password from standard input.")
  private boolean stdin;

  @Option(names = "--generate", description = "Make a password and print it, once.")
  private boolean generate;

  Password obtain(Shell shell, MailAddress account) {
    if (stdin && generate) {
      throw new Refusal(ExitCode.USAGE, "--password-stdin and --generate exclude each other");
    }
    if (generate) {
      return generated(new SecureRandom());
    }
    if (stdin) {
      return new Password(shell.readLine());
    }
    return new Password(
        ask(
            shell
                .console()
                .orElseThrow(
                    () ->
                        new Refusal(
                            ExitCode.USAGE,
                            "no terminal to ask for the password on; use --password-stdin or"
                                + " --generate")),
            account));
  }

  /** Prints the password if nobody knows it yet. */
  void show(Shell shell, Password password) {
    if (generate) {
      shell.out().println("Password, shown only now: " + password.value());
    }
  }

  static Password generated(SecureRandom random) {
    StringBuilder password = new StringBuilder();
    for (int i = 0; i < LENGTH; i++) {
      password.append(ALPHABET.charAt(random.nextInt(ALPHABET.length())));
    }
    return new Password(password.toString());
  }

  private static String ask(Console console, MailAddress account) {
    char[] first = console.readPassword("Password of %s: ", account);
    char[] second = first == null ? null : console.readPassword("Once more: ");
    if (first == null || second == null) {
      throw new Refusal(ExitCode.USAGE, "no password was given");
    }
    if (!Arrays.equals(first, second)) {
      throw new Refusal(ExitCode.DATA, "the two passwords differ; nothing was changed");
    }
    String password = new String(first);
    Arrays.fill(first, ' ');
    Arrays.fill(second, ' ');
    return password;
  }
}
