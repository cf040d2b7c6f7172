package dev.postrider.server.main;

import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

/** Tells which program this is. */
@Command(
    name = "version",
    header = "Print the version of this program and of its Java.",
    mixinStandardHelpOptions = true)
final class VersionCommand implements Callable<Integer> {

  private final Shell shell;

  // Every subcommand takes --config and --data, so that a script can add them anywhere.
  @SuppressWarnings("UnusedVariable")
  @Mixin
  private final Where where = new Where();

  VersionCommand(Shell shell) {
    this.shell = shell;
  }

  @Override
  public Integer call() {
    for (String line : new Version().getVersion()) {
      shell.out().println(line);
    }
    return ExitCode.OK;
  }
}
