package dev.postrider.server.main;

import dev.postrider.server.admin.AdminRequest;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Copies all that is stored. */
@Command(
    name = "backup",
    header = "Copy all mail, accounts and queue to a directory; again and again, only what is new.",
    description = {
      "Works while the server runs. The directory may be on another machine's disk, but must be one"
          + " that the user of the server can write to. Nothing in it is ever removed. It does not"
          + " hold configuration, certificates and keys."
    },
    mixinStandardHelpOptions = true,
    footer = {
      "",
      "Examples:",
      "  postriderd backup /mnt/backup/postrider",
      "  postriderd verify --backup /mnt/backup/postrider"
    })
final class BackupCommand implements Callable<Integer> {

  private final Shell shell;

  @Mixin private final Where where = new Where();

  @Parameters(paramLabel = "DIR", description = "Where the backup is, or is to be.")
  private Path directory = Path.of("");

  @Option(names = "--json", description = "Print JSON.")
  private boolean json;

  BackupCommand(Shell shell) {
    this.shell = shell;
  }

  @Override
  public Integer call() throws Exception {
    AdminAccess access = new AdminAccess(where.read(shell.environment()), OfflineStore::with);
    List<Map<String, String>> rows;
    try (StepLine progress = new StepLine(shell)) {
      rows = access.run(new AdminRequest.Backup(directory.toAbsolutePath().normalize()), progress);
    }
    if (json) {
      Table.printJson(shell.out(), "backup", rows);
    } else {
      rows.forEach(
          row ->
              shell
                  .out()
                  .printf(
                      "The backup in %s is complete; new were %s segments, %s octets.%n",
                      row.get("directory"), row.get("segments"), row.get("octets")));
    }
    return ExitCode.OK;
  }
}
