package dev.postrider.server.main;

import dev.postrider.server.admin.AdminRequest;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** Gives back the room that deleted mail takes. */
@Command(
    name = "collect",
    header = "Give back the room of mail that was deleted and cannot be brought back any more.",
    description = {
      "The server does this by itself when it is worth it; this does it now, as far as possible."
          + " Works while the server runs, slowly enough that nobody notices."
    },
    mixinStandardHelpOptions = true,
    footer = {"", "Example: postriderd collect"})
final class CollectCommand implements Callable<Integer> {

  private final Shell shell;

  @Mixin private final Where where = new Where();

  @Option(names = "--json", description = "Print JSON.")
  private boolean json;

  CollectCommand(Shell shell) {
    this.shell = shell;
  }

  @Override
  public Integer call() throws Exception {
    AdminAccess access = new AdminAccess(where.read(shell.environment()), OfflineStore::with);
    List<Map<String, String>> rows;
    try (StepLine progress = new StepLine(shell)) {
      rows = access.run(new AdminRequest.Collect(), progress);
    }
    if (json) {
      Table.printJson(shell.out(), "collect", rows);
    } else {
      rows.forEach(
          row ->
              shell
                  .out()
                  .printf(
                      "%s segments removed, %s octets given back, %s octets of them copied.%n",
                      row.get("segments"), row.get("freed"), row.get("moved")));
    }
    return ExitCode.OK;
  }
}
