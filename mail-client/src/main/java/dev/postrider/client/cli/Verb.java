package dev.postrider.client.cli;

import dev.postrider.client.ExitCode;
import dev.postrider.client.MailFailure;
import dev.postrider.client.accounts.Account;
import dev.postrider.client.accounts.Passwords;
import dev.postrider.client.render.JsonObject;
import dev.postrider.client.render.ProgressBar;
import dev.postrider.client.session.Connector;
import dev.postrider.client.session.Login;
import dev.postrider.client.session.UidSet;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;

/**
 * What all verbs have in common: the surrounding program, the account, and how results are told.
 */
abstract class Verb implements Callable<Integer> {
  /** Lines read from standard input as IDs. */
  private static final int ID_LINES_MAX = 1_000_000;

  @Spec @Nullable CommandSpec spec;

  /** Does the work; the exit code says how it went. */
  abstract ExitCode run() throws MailFailure, IOException;

  @Override
  public final Integer call() throws MailFailure, IOException {
    ExitCode code = run();
    out().flush();
    return code.number();
  }

  final Postrider program() {
    CommandSpec known = spec;
    if (known == null || !(known.root().userObject() instanceof Postrider program)) {
      throw new IllegalStateException("not run by the command line");
    }
    return program;
  }

  final Terminal terminal() {
    return program().terminal();
  }

  final PrintStream out() {
    return terminal().out();
  }

  final boolean json() {
    return program().json;
  }

  final Account account() throws MailFailure {
    return program().configFile().read().account(program().account);
  }

  final Connector connector(Account account) throws MailFailure {
    Passwords passwords = new Passwords(terminal().environment(), program().prompt());
    return connector(account, passwords.of(account));
  }

  final Connector connector(Account account, String password) throws MailFailure {
    return new Connector(
        account, new Login(account.user(), password), program().timeouts(), program().trace());
  }

  /** Prints a JSON result: indented on a terminal, else on one line. */
  final void print(JsonObject result) {
    out().println(terminal().outIsTerminal() ? result.pretty() : result.compact());
  }

  /** Something worth knowing that is no result and no failure. */
  final void note(String text) {
    if (!program().quiet) {
      terminal().err().println(text);
      terminal().err().flush();
    }
  }

  final ProgressBar progress(String label, long total) {
    boolean shown = terminal().errIsTerminal() && !program().quiet && !json();
    return new ProgressBar(terminal().err(), shown, label, total, terminal().clock());
  }

  /** The messages some arguments name; {@code -} stands for UIDs on standard input. */
  final UidSet uids(List<String> arguments) throws MailFailure, IOException {
    List<String> all = new ArrayList<>();
    for (String argument : arguments) {
      if (argument.equals("-")) {
        all.addAll(standardInputWords());
      } else {
        all.add(argument);
      }
    }
    return UidSet.parse(all);
  }

  private List<String> standardInputWords() throws IOException {
    BufferedReader reader =
        new BufferedReader(new InputStreamReader(terminal().in(), StandardCharsets.UTF_8));
    return reader
        .lines()
        .limit(ID_LINES_MAX)
        .flatMap(line -> List.of(line.strip().split("\\s+")).stream())
        .filter(word -> !word.isEmpty())
        .toList();
  }
}
