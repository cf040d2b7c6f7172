package dev.postrider.client.cli;

import dev.postrider.client.ExitCode;
import dev.postrider.client.MailFailure;
import dev.postrider.client.accounts.Account;
import dev.postrider.client.render.JsonObject;
import dev.postrider.client.session.ImapConnection;
import dev.postrider.client.session.SelectedFolder;
import dev.postrider.client.session.UidSet;
import java.io.IOException;
import java.util.List;
import picocli.CommandLine.Option;

/** A verb that changes messages of one folder. */
abstract class ChangeVerb extends Verb {
  @Option(
      names = {"-f", "--folder"},
      paramLabel = "FOLDER",
      defaultValue = "INBOX",
      description = "The folder they are in. Default: INBOX.")
  String folder = "INBOX";

  @Option(
      names = "--uid-validity",
      paramLabel = "N",
      description = "Refuses if the folder was numbered anew since the list with this uidValidity.")
  long uidValidity;

  /** The messages' names, as the user gave them. */
  abstract List<String> ids();

  /** Does the change and adds what became of it to {@code result}. */
  abstract void change(
      Account account, ImapConnection imap, SelectedFolder from, UidSet uids, JsonObject result)
      throws MailFailure;

  /** The verb's name, for the JSON schema. */
  abstract String name();

  @Override
  final ExitCode run() throws MailFailure, IOException {
    UidSet wanted = uids(ids());
    Account account = account();
    try (ImapConnection imap = connector(account).imap()) {
      SelectedFolder selected = imap.select(folder, false);
      if (uidValidity != 0) {
        selected.requireUidValidity(uidValidity);
      }
      List<Long> present = selected.existing(wanted);
      if (present.isEmpty()) {
        throw new MailFailure(
            ExitCode.NO_USER,
            "there is no message " + wanted + " in " + folder,
            "postrider list -f \"" + folder + "\" shows the messages");
      }
      JsonObject result =
          JsonObject.ofSchema(name())
              .put("account", account.name())
              .put("folder", selected.name())
              .put("uidValidity", selected.uidValidity())
              .put("uids", present);
      change(account, imap, selected, UidSet.of(present), result);
      if (json()) {
        print(result);
      }
    }
    return ExitCode.OK;
  }
}
