package dev.postrider.server.main;

import dev.postrider.server.admin.AdminRequest;
import dev.postrider.storage.queue.QueueId;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** What waits for other servers. */
@Command(
    name = "queue",
    header = "See and change what waits for other servers.",
    synopsisSubcommandLabel = "COMMAND",
    mixinStandardHelpOptions = true,
    footer = {
      "",
      "Examples:",
      "  postriderd queue list --json",
      "  postriderd queue retry                try everything now",
      "  postriderd queue remove 17 18"
    })
final class QueueCommand implements Runnable {

  @Spec private CommandSpec spec = CommandSpec.create();

  static CommandLine line(Shell shell) {
    return new CommandLine(new QueueCommand())
        .addSubcommand("list", new ListEntries(shell))
        .addSubcommand("retry", new Retry(shell))
        .addSubcommand("remove", new Remove(shell));
  }

  @Override
  public void run() {
    throw new ParameterException(spec.commandLine(), "list, retry or remove is missing");
  }

  /** What the three have in common. */
  abstract static sealed class Verb implements Callable<Integer> {
    final Shell shell;

    @Mixin private final Where where = new Where();

    @Option(names = "--json", description = "Print JSON.")
    private boolean json;

    private Verb(Shell shell) {
      this.shell = shell;
    }

    abstract AdminRequest request();

    abstract void tell(List<Map<String, String>> rows);

    @Override
    public Integer call() throws Exception {
      AdminAccess access = new AdminAccess(where.read(shell.environment()), OfflineStore::with);
      List<Map<String, String>> rows = access.run(request());
      if (json) {
        Table.printJson(shell.out(), "queue", rows);
      } else {
        tell(rows);
      }
      return ExitCode.OK;
    }

    static List<QueueId> ids(List<Long> numbers) {
      return numbers.stream().map(QueueId::new).toList();
    }
  }

  @Command(
      name = "list",
      header = "List the queue, next attempt first.",
      mixinStandardHelpOptions = true)
  static final class ListEntries extends Verb {
    ListEntries(Shell shell) {
      super(shell);
    }

    @Override
    AdminRequest request() {
      return new AdminRequest.ListQueue();
    }

    @Override
    void tell(List<Map<String, String>> rows) {
      if (rows.isEmpty()) {
        shell.out().println("The queue is empty.");
      } else {
        Table.print(shell.out(), rows);
      }
    }
  }

  @Command(
      name = "retry",
      header = "Make entries due now; all of them when none is named.",
      mixinStandardHelpOptions = true)
  static final class Retry extends Verb {
    @Parameters(paramLabel = "ID", arity = "0..*", description = "Numbers from 'queue list'.")
    private List<Long> entries = List.of();

    Retry(Shell shell) {
      super(shell);
    }

    @Override
    AdminRequest request() {
      return new AdminRequest.RetryQueue(ids(entries));
    }

    @Override
    void tell(List<Map<String, String>> rows) {
      shell
          .out()
          .println(rows.size() + (rows.size() == 1 ? " entry is" : " entries are") + " due.");
    }
  }

  @Command(
      name = "remove",
      header = "Take entries out of the queue; their senders are not told.",
      mixinStandardHelpOptions = true)
  static final class Remove extends Verb {
    @Parameters(paramLabel = "ID", arity = "1..*", description = "Numbers from 'queue list'.")
    private List<Long> entries = List.of();

    Remove(Shell shell) {
      super(shell);
    }

    @Override
    AdminRequest request() {
      return new AdminRequest.RemoveQueue(ids(entries));
    }

    @Override
    void tell(List<Map<String, String>> rows) {
      shell.out().println(rows.size() + (rows.size() == 1 ? " entry" : " entries") + " removed.");
    }
  }
}
