package dev.postrider.server.main;

import dev.postrider.protocol.address.MailAddress;
import dev.postrider.server.admin.AdminRequest;
import java.io.PrintStream;
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

/** Brings back messages that were expunged. */
@Command(
    name = "undelete",
    header = "Bring back messages that were deleted for good.",
    description = {
      "Messages come back into their mailbox, with their flags and date; if it was deleted, one of"
          + " its name is made again. What was moved elsewhere is not deleted. How long messages"
          + " can be brought back is set by undelete_days under [store]."
    },
    mixinStandardHelpOptions = true,
    footer = {
      "",
      "Examples:",
      "  postriderd undelete alice@example.org --dry-run",
      "  postriderd undelete alice@example.org --mailbox INBOX --since 2026-11-20",
      "  postriderd undelete alice@example.org --since 2026-11-20T14:00:00+01:00"
    })
final class UndeleteCommand implements Callable<Integer> {

  private final Shell shell;

  @Mixin private final Where where = new Where();

  @Parameters(paramLabel = "ADDR", description = "Whose messages.")
  private String address = "";

  @Option(names = "--mailbox", paramLabel = "NAME", description = "Those of one mailbox alone.")
  private @Nullable String mailbox;

  @Option(
      names = "--since",
      paramLabel = "TIME",
      converter = Moment.class,
      description = "Those that were deleted then or later: a day (UTC), or a time with its zone.")
  private @Nullable Instant since;

  @Option(names = "--dry-run", description = "Only show what would come back.")
  private boolean dryRun;

  @Option(names = "--json", description = "Print JSON.")
  private boolean json;

  UndeleteCommand(Shell shell) {
    this.shell = shell;
  }

  @Override
  public Integer call() throws Exception {
    MailAddress whose = AccountCommand.Verb.address(address);
    AdminAccess access = new AdminAccess(where.read(shell.environment()), OfflineStore::with);
    List<Map<String, String>> rows =
        access.run(
            new AdminRequest.Undelete(
                whose, Optional.ofNullable(mailbox), Optional.ofNullable(since), dryRun));
    if (json) {
      Table.printJson(shell.out(), "undelete", rows);
    } else {
      tell(shell.out(), rows);
    }
    return ExitCode.OK;
  }

  private void tell(PrintStream out, List<Map<String, String>> rows) {
    if (rows.isEmpty()) {
      out.println("There is nothing to bring back.");
      return;
    }
    Table.print(out, rows);
    long messages =
        rows.stream().mapToLong(row -> Long.parseLong(row.getOrDefault("messages", "0"))).sum();
    out.println(
        messages
            + (messages == 1 ? " message " : " messages ")
            + (dryRun ? "can come back." : "came back."));
  }
}
