package dev.postrider.client.cli;

import dev.postrider.client.ExitCode;
import dev.postrider.client.MailFailure;
import dev.postrider.client.accounts.Account;
import dev.postrider.client.render.JsonObject;
import dev.postrider.client.session.ImapConnection;
import dev.postrider.client.session.SelectedFolder;
import dev.postrider.client.session.SpecialFolder;
import dev.postrider.client.session.UidSet;
import java.util.List;
import java.util.Optional;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

@Command(
    name = "delete",
    description = "Moves messages to the trash; with --expunge removes them for good.",
    footerHeading = "%nExamples:%n",
    footer = {"  postrider delete 42", "  postrider delete 1:* -f Trash --expunge"})
final class DeleteCommand extends ChangeVerb {
  @Parameters(
      arity = "1..*",
      paramLabel = "ID",
      description = "UIDs such as 12, 3:9 or 1,4; - reads them from standard input.")
  List<String> ids = List.of();

  @Option(names = "--expunge", description = "Removes them for good.")
  boolean expunge;

  @Override
  List<String> ids() {
    return ids;
  }

  @Override
  String name() {
    return "delete";
  }

  @Override
  void change(
      Account account, ImapConnection imap, SelectedFolder from, UidSet uids, JsonObject result)
      throws MailFailure {
    if (expunge) {
      from.expunge(uids);
      result.put("expunged", true);
      return;
    }
    Optional<String> trash = imap.folders().special(SpecialFolder.TRASH, account);
    if (trash.isEmpty()) {
      throw new MailFailure(
          ExitCode.UNAVAILABLE,
          "the account has no trash folder",
          "make one with: postrider folder create Trash, or remove for good with --expunge");
    }
    if (trash.get().equals(from.name())) {
      throw new MailFailure(
          ExitCode.USAGE,
          "the messages are in the trash already",
          "--expunge removes them for good");
    }
    boolean gone = from.move(uids, trash.get());
    result.put("expunged", false).put("target", trash.get()).put("originalsRemoved", gone);
  }
}
