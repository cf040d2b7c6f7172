package dev.postrider.client.cli;

import dev.postrider.client.MailFailure;
import dev.postrider.client.accounts.Account;
import dev.postrider.client.render.JsonObject;
import dev.postrider.client.session.ImapConnection;
import dev.postrider.client.session.SelectedFolder;
import dev.postrider.client.session.UidSet;
import java.util.List;
import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;

@Command(
    name = "move",
    description = "Moves messages to another folder.",
    footerHeading = "%nExamples:%n",
    footer = {"  postrider move 42 Archive", "  postrider move 3:9 -f Junk INBOX"})
final class MoveCommand extends ChangeVerb {
  @Parameters(index = "0", paramLabel = "ID", description = "UIDs; - reads them.")
  String id = "";

  @Parameters(index = "1", paramLabel = "TARGET", description = "The folder they go to.")
  String target = "";

  @Override
  List<String> ids() {
    return List.of(id);
  }

  @Override
  String name() {
    return "move";
  }

  @Override
  void change(
      Account account, ImapConnection imap, SelectedFolder from, UidSet uids, JsonObject result)
      throws MailFailure {
    boolean gone = from.move(uids, target);
    if (!gone) {
      note(
          "postrider: the server cannot remove single messages:"
              + " the originals are still there, marked as deleted");
    }
    result.put("target", target).put("originalsRemoved", gone);
  }
}
