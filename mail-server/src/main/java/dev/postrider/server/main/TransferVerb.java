package dev.postrider.server.main;

import dev.postrider.protocol.address.MailAddress;
import dev.postrider.server.admin.TransferRequest;
import dev.postrider.server.transfer.AccountMail;
import dev.postrider.server.transfer.FolderTally;
import dev.postrider.server.transfer.TransferException;
import dev.postrider.storage.StoreException;
import java.time.Clock;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.Callable;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** What import and export have in common: the account, the progress, the report. */
abstract sealed class TransferVerb implements Callable<Integer>
    permits ImportCommand, ExportCommand {

  private final Shell shell;

  @Mixin private final Where where = new Where();

  @Option(names = "--json", description = "Print JSON.")
  private boolean json;

  TransferVerb(Shell shell) {
    this.shell = shell;
  }

  abstract TransferRequest request();

  /** {@code imported}, {@code exported}. */
  abstract String done();

  abstract List<FolderTally> run(AccountMail mail, ProgressLine progress)
      throws TransferException, StoreException;

  @Override
  public Integer call() throws Exception {
    ProgressLine progress = new ProgressLine(shell.err(), shell.errIsTerminal(), Clock.systemUTC());
    Thread told = Thread.ofPlatform().unstarted(progress::interrupted);
    Runtime.getRuntime().addShutdownHook(told);
    List<FolderTally> tallies;
    try {
      tallies =
          new MailAccess(where.read(shell.environment()))
              .with(request(), mail -> run(mail, progress));
    } finally {
      progress.clear();
      removeHook(told);
    }
    report(tallies, progress);
    return tallies.stream().allMatch(tally -> tally.leftOut() == 0) ? ExitCode.OK : ExitCode.DATA;
  }

  private static void removeHook(Thread told) {
    try {
      Runtime.getRuntime().removeShutdownHook(told);
    } catch (IllegalStateException ending) {
      // The operator ended it, and was told.
    }
  }

  private void report(List<FolderTally> tallies, ProgressLine progress) {
    var rows = tallies.stream().map(tally -> tally.row(done())).toList();
    if (json) {
      Table.printJson(shell.out(), "folders", rows);
      return;
    }
    Table.print(shell.out(), rows);
    long moved = tallies.stream().mapToLong(FolderTally::moved).sum();
    long known = tallies.stream().mapToLong(FolderTally::known).sum();
    long leftOut = tallies.stream().mapToLong(FolderTally::leftOut).sum();
    double seconds = Math.max(1, progress.passed().toMillis()) / 1000.0;
    shell
        .out()
        .println(
            String.format(
                Locale.ROOT,
                "%d %s%s in %.1f s (%.0f/s), %d already there, %d left out.",
                moved,
                moved == 1 ? "message " : "messages ",
                summary(),
                seconds,
                (moved + known) / seconds,
                known,
                leftOut));
  }

  /** How the summary says what was done. */
  String summary() {
    return done();
  }

  static MailAddress address(String text) {
    return AccountCommand.Verb.address(text);
  }
}
