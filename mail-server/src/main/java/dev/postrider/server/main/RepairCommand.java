package dev.postrider.server.main;

import dev.postrider.server.admin.StoreAdministration;
import dev.postrider.server.config.ServerConfig;
import dev.postrider.storage.ClosedStore;
import java.time.Clock;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** Makes a damaged store one that opens. */
@Command(
    name = "repair",
    header = "Make a damaged store one that opens again.",
    description = {
      "The server must not run. What is damaged in the log is kept in the directory 'damaged' and"
          + " given up, nothing else is lost, and the tables are made again. Prints a line for"
          + " whatever is lost; exits 0 when nothing is, else 65. Make a copy of the data directory"
          + " first, if there is room."
    },
    mixinStandardHelpOptions = true,
    footer = {"", "Example: postriderd repair"})
final class RepairCommand implements Callable<Integer> {

  private final Shell shell;

  @Mixin private final Where where = new Where();

  @Option(names = "--json", description = "Print JSON.")
  private boolean json;

  RepairCommand(Shell shell) {
    this.shell = shell;
  }

  @Override
  public Integer call() throws Exception {
    ServerConfig config = where.read(shell.environment());
    Stores.requireLocal(config, "restore the database from its backup");
    AdminAccess.requireDataDirectory(config);
    if (new AdminAccess(config, OfflineStore::with).serverRuns()) {
      throw new Refusal(
          ExitCode.UNAVAILABLE,
          "a server runs on %s".formatted(config.dataDirectory()),
          "stop it first; 'postriderd verify' can look at a running one");
    }
    List<Map<String, String>> rows;
    try (StepLine progress = new StepLine(shell)) {
      rows =
          ClosedStore.at(config.dataDirectory()).repair(Clock.systemUTC(), progress).stream()
              .map(StoreAdministration::row)
              .toList();
    }
    return VerifyCommand.report(
        shell, json, "lost", rows, "Nothing is lost; the tables were made again.");
  }
}
