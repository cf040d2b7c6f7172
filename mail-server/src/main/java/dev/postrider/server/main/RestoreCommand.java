package dev.postrider.server.main;

import dev.postrider.server.admin.StoreAdministration;
import dev.postrider.server.config.ServerConfig;
import dev.postrider.storage.ClosedStore;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Makes a store from a backup. */
@Command(
    name = "restore",
    header = "Make a new data directory from a backup, as of its end or of a moment before.",
    description = {
      "The data directory must be empty or not there. What is restored is verified; findings are"
          + " printed, and the exit status is then 65."
    },
    mixinStandardHelpOptions = true,
    footer = {
      "",
      "Examples:",
      "  postriderd restore /mnt/backup/postrider --data /var/lib/postrider",
      "  postriderd restore /mnt/backup/postrider --data ./then --until 2026-11-20T14:00:00Z"
    })
final class RestoreCommand implements Callable<Integer> {

  private final Shell shell;

  @Mixin private final Where where = new Where();

  @Parameters(paramLabel = "DIR", description = "Where the backup is.")
  private Path directory = Path.of("");

  @Option(
      names = "--until",
      paramLabel = "TIME",
      converter = Moment.class,
      description = "The state of then: the start of a day (UTC), or a time with its zone.")
  private @Nullable Instant until;

  @Option(names = "--json", description = "Print JSON.")
  private boolean json;

  RestoreCommand(Shell shell) {
    this.shell = shell;
  }

  @Override
  public Integer call() throws Exception {
    ServerConfig config = where.read(shell.environment());
    Stores.requireLocal(
        config, "restore with a configuration without it, then 'postriderd migrate'");
    Path data = config.dataDirectory();
    ClosedStore.Restored restored;
    try (StepLine progress = new StepLine(shell)) {
      restored =
          ClosedStore.restore(
              directory, data, Optional.ofNullable(until), Clock.systemUTC(), progress);
    }
    List<Map<String, String>> rows =
        restored.findings().stream().map(StoreAdministration::row).toList();
    String as = restored.backup().at().map(at -> " as of " + at).orElse("");
    return VerifyCommand.report(
        shell, json, "findings", rows, "Restored to " + data + as + ", and verified.");
  }
}
