package dev.postrider.server.main;

import dev.postrider.server.config.ConfigReader;
import dev.postrider.server.config.ServerConfig;
import dev.postrider.storage.Migration;
import dev.postrider.storage.StoreException;
import dev.postrider.storage.StorePlace;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** Moves everything to another store. */
@Command(
    name = "migrate",
    header = "Move everything to another store: from a directory to PostgreSQL, or back.",
    description = {
      "Copies accounts, mailboxes, messages and the queue to the store that another configuration"
          + " names, with all their numbers, so that clients notice nothing. No server may run on"
          + " either. The other store must be empty; it is verified at the end, and has everything"
          + " or nothing. This one stays as it is.",
      "Variables of the environment hold for this store alone."
    },
    mixinStandardHelpOptions = true,
    footer = {
      "",
      "Examples:",
      "  postriderd migrate --to /etc/postrider/postgres.toml",
      "  postriderd migrate --config postgres.toml --to directory.toml"
    })
final class MigrateCommand implements Callable<Integer> {

  private static final double MEGA = 1e6;

  private final Shell shell;

  @Mixin private final Where where = new Where();

  @Option(
      names = "--to",
      paramLabel = "FILE",
      required = true,
      description = "Configuration whose 'data' or [store] url says where everything goes.")
  private Path to = Path.of("");

  MigrateCommand(Shell shell) {
    this.shell = shell;
  }

  @Override
  public Integer call() throws Exception {
    ServerConfig here = where.read(shell.environment());
    ServerConfig there = new ConfigReader(Map.of(), () -> "localhost").read(Optional.of(to));
    Clock clock = Clock.systemUTC();
    Instant begun = clock.instant();
    StorePlace from = Stores.place(here);
    StorePlace target = Stores.place(there);
    Migration.Moved moved;
    try (RateLine progress = new RateLine(shell.err(), shell.errIsTerminal(), clock)) {
      moved = Migration.run(from, target, clock, progress);
    } catch (StoreException e) {
      throw new StoreException(
          e.kind(),
          e.getMessage() + " (nothing was moved; run the same command again when that is mended)",
          e);
    }
    shell
        .out()
        .printf(
            Locale.ROOT,
            "Moved %,d accounts, %,d mailboxes, %,d messages (%,.1f MB) and %,d queue entries from"
                + " %s to %s in %s, and verified them.%n",
            moved.accounts(),
            moved.mailboxes(),
            moved.messages(),
            moved.octets() / MEGA,
            moved.queued(),
            from,
            target,
            ProgressLine.time(Duration.between(begun, clock.instant()).toSeconds()));
    shell.out().println("Now: postriderd serve --config " + to);
    return ExitCode.OK;
  }
}
