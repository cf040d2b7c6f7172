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
    name = "copy",
    description = "Copies messages to another folder.",
    footerHeading = "%nExample:%n",
    footer = "  postrider copy 42 Archive")
final class CopyCommand extends ChangeVerb {
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
    return "copy";
  }

  @Override
  void change(
      Account account, ImapConnection imap, SelectedFolder from, UidSet uids, JsonObject result)
      throws MailFailure {
    from.copy(uids, target);
    result.put("target", target);
  }
}
