package dev.postrider.server.main;

import dev.postrider.server.admin.AdminRequest;
import dev.postrider.server.admin.StoreAdministration;
import dev.postrider.server.config.ServerConfig;
import dev.postrider.storage.ClosedStore;
import dev.postrider.storage.StoreException;
import dev.postrider.storage.backup.Backup;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** Checks all that is stored. */
@Command(
    name = "verify",
    header = "Check every record and row of the store against each other.",
    description = {
      "Works while the server runs and while it does not, and changes nothing. Prints a line for"
          + " each finding, with file, offset and what is to be done; exits 0 when there is none,"
          + " else 65."
    },
    mixinStandardHelpOptions = true,
    footer = {"", "Example: postriderd verify --json"})
final class VerifyCommand implements Callable<Integer> {

  private final Shell shell;

  @Mixin private final Where where = new Where();

  @Option(
      names = "--backup",
      paramLabel = "DIR",
      description = "Check the backup in this directory instead.")
  private @Nullable Path backup;

  @Option(names = "--json", description = "Print JSON.")
  private boolean json;

  VerifyCommand(Shell shell) {
    this.shell = shell;
  }

  @Override
  public Integer call() throws Exception {
    ServerConfig config = where.read(shell.environment());
    Path copies = backup;
    if (copies != null) {
      return verifyBackup(copies);
    }
    AdminAccess access = new AdminAccess(config, OfflineStore::with);
    List<Map<String, String>> rows;
    try (StepLine progress = new StepLine(shell)) {
      rows =
          access.serverRuns() || config.store().shared().isPresent()
              ? access.run(new AdminRequest.Verify(), progress)
              : closed(config, progress);
    }
    return report(shell, json, "findings", rows, "All records and rows are as they should be.");
  }

  private int verifyBackup(Path copies) throws StoreException {
    List<Map<String, String>> rows;
    try (StepLine progress = new StepLine(shell)) {
      rows = new Backup(copies).verify(progress).stream().map(StoreAdministration::row).toList();
    }
    return report(shell, json, "findings", rows, "All files of the backup are as they should be.");
  }

  /**
   * To open a store in a directory would put some of it right, or fail where there is most to tell.
   */
  private static List<Map<String, String>> closed(ServerConfig config, StepLine progress)
      throws StoreException {
    AdminAccess.requireDataDirectory(config);
    try (ClosedStore store = ClosedStore.at(config.dataDirectory())) {
      return store.verify(progress).stream().map(StoreAdministration::row).toList();
    }
  }

  static int report(
      Shell shell, boolean json, String name, List<Map<String, String>> rows, String good) {
    if (json) {
      Table.printJson(shell.out(), name, rows);
    } else {
      rows.forEach(row -> shell.out().println(row.get("line")));
      if (rows.isEmpty()) {
        shell.out().println(good);
      }
    }
    return rows.isEmpty() ? ExitCode.OK : ExitCode.DATA;
  }
}
