package dev.postrider.server.main;

import dev.postrider.server.admin.TransferRequest;
import dev.postrider.server.transfer.AccountMail;
import dev.postrider.server.transfer.FolderTally;
import dev.postrider.server.transfer.Importer;
import dev.postrider.server.transfer.MailTree;
import dev.postrider.server.transfer.MboxVariant;
import dev.postrider.server.transfer.TransferException;
import dev.postrider.storage.StoreException;
import java.nio.file.Path;
import java.util.List;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Brings mail in. */
@Command(
    name = "import",
    header = "Bring the mail of a Maildir or mbox into an account.",
    description = {
      "Takes folders, flags, dates and subscriptions along. A message that the folder has already"
          + " is not brought in again, so the same command can be run as often as needed, and goes"
          + " on where it was interrupted. Works while the server runs and while it does not."
    },
    mixinStandardHelpOptions = true,
    footer = {
      "",
      "Examples:",
      "  postriderd import alice@example.org /home/alice/Maildir",
      "  postriderd import alice@example.org /var/mail/alice",
      "  postriderd import alice@example.org old.mbox --folder Archive/2019",
      "  postriderd import alice@example.org ~/.thunderbird/x.default/Mail/Local\\ Folders"
          + " --dry-run"
    })
final class ImportCommand extends TransferVerb {

  @Parameters(index = "0", paramLabel = "ADDR", description = "Account that gets the mail.")
  private String address = "";

  @Parameters(
      index = "1",
      paramLabel = "PATH",
      description = "Maildir, mbox, or directory with folders of one of these kinds.")
  private Path source = Path.of("");

  @Option(
      names = "--format",
      paramLabel = "FORMAT",
      description = "maildir, mbox or auto (what is there; the default).")
  private MailTree.Format format = MailTree.Format.AUTO;

  @Option(
      names = "--mbox",
      paramLabel = "VARIANT",
      description =
          "How lines that begin with 'From ' were kept apart: rd (mboxrd), o (mboxo), cl2 (mboxcl2)"
              + " or auto (the default: cl2 where Content-Length fits, else rd).")
  private MboxVariant variant = MboxVariant.AUTO;

  @Option(
      names = "--folder",
      paramLabel = "NAME",
      description = "Folder for what would go to INBOX; others go below it.")
  private @Nullable String folder;

  @Option(
      names = "--keep-names",
      description = "Do not put 'Sent Items', 'Spam' and the like into our folders of that kind.")
  private boolean keepNames;

  @Option(
      names = "--date",
      paramLabel = "SOURCE",
      description =
          "Date of arrival: file (of the Maildir file or 'From ' line; the default) or header (of"
              + " Received, else Date), for files that were copied without their dates.")
  private Importer.Dates dates = Importer.Dates.FILE;

  @Option(names = "--dry-run", description = "Tell what would be done, and change nothing.")
  private boolean dryRun;

  ImportCommand(Shell shell) {
    super(shell);
  }

  @Override
  TransferRequest request() {
    return new TransferRequest(address(address), true, dryRun);
  }

  @Override
  String done() {
    return "imported";
  }

  @Override
  String summary() {
    return dryRun ? "would be imported, looked at" : "imported";
  }

  @Override
  List<FolderTally> run(AccountMail mail, ProgressLine progress)
      throws TransferException, StoreException {
    Importer.Order order = new Importer.Order(source, format, variant, folder, dates, keepNames);
    return new Importer(mail, order, progress).run();
  }
}
