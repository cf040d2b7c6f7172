package dev.postrider.server.main;

import dev.postrider.server.admin.TransferRequest;
import dev.postrider.server.transfer.AccountMail;
import dev.postrider.server.transfer.Exporter;
import dev.postrider.server.transfer.FolderTally;
import dev.postrider.server.transfer.TransferException;
import dev.postrider.storage.StoreException;
import java.nio.file.Path;
import java.util.List;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Takes mail out. */
@Command(
    name = "export",
    header = "Write the mail of an account as a Maildir or as mboxes.",
    description = {
      "Writes folders, flags, dates and subscriptions into a directory of its own. Run again, it"
          + " adds what is new; in a Maildir, flags follow the account. Works while the server runs"
          + " and while it does not."
    },
    mixinStandardHelpOptions = true,
    footer = {
      "",
      "Examples:",
      "  postriderd export alice@example.org /backup/alice",
      "  postriderd export alice@example.org /backup/alice.mbox --format mbox --folder INBOX"
    })
final class ExportCommand extends TransferVerb {

  @Parameters(index = "0", paramLabel = "ADDR", description = "Account whose mail is written.")
  private String address = "";

  @Parameters(
      index = "1",
      paramLabel = "DIR",
      description = "Directory: new, empty, or of an earlier export of this account.")
  private Path directory = Path.of("");

  @Option(
      names = "--format",
      paramLabel = "FORMAT",
      description = "maildir (Maildir++; the default) or mbox (mboxrd).")
  private Exporter.Format format = Exporter.Format.MAILDIR;

  @Option(names = "--folder", paramLabel = "NAME", description = "This folder alone.")
  private @Nullable String folder;

  ExportCommand(Shell shell) {
    super(shell);
  }

  @Override
  TransferRequest request() {
    return new TransferRequest(address(address), false, false);
  }

  @Override
  String done() {
    return "exported";
  }

  @Override
  List<FolderTally> run(AccountMail mail, ProgressLine progress)
      throws TransferException, StoreException {
    Exporter.Order order =
        new Exporter.Order(directory, format, address(address).toString(), folder);
    return new Exporter(mail, order, progress).run();
  }
}
