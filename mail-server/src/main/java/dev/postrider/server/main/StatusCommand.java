package dev.postrider.server.main;

import dev.postrider.server.admin.AdminRequest;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** Tells how the server is. */
@Command(
    name = "status",
    header = "Show whether the server runs, and what it holds.",
    mixinStandardHelpOptions = true,
    footer = {"", "Example: postriderd status --json"})
final class StatusCommand implements Callable<Integer> {

  private final Shell shell;

  @Mixin private final Where where = new Where();

  @Option(names = "--json", description = "Print JSON.")
  private boolean json;

  StatusCommand(Shell shell) {
    this.shell = shell;
  }

  @Override
  public Integer call() throws Exception {
    AdminAccess access = new AdminAccess(where.read(shell.environment()), OfflineStore::with);
    List<Map<String, String>> rows = access.run(new AdminRequest.Status());
    if (json) {
      Table.printJson(shell.out(), "status", rows);
    } else {
      rows.forEach(
          row -> row.forEach((key, value) -> shell.out().printf("%-10s %s%n", key, value)));
    }
    return ExitCode.OK;
  }
}
