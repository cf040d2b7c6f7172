package dev.postrider.client.cli;

import dev.postrider.client.MailFailure;
import dev.postrider.client.accounts.Account;
import dev.postrider.client.render.JsonObject;
import dev.postrider.client.session.ImapConnection;
import dev.postrider.client.session.MessageFlag;
import dev.postrider.client.session.SelectedFolder;
import dev.postrider.client.session.SelectedFolder.FlagChange;
import dev.postrider.client.session.UidSet;
import java.util.ArrayList;
import java.util.List;
import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;

@Command(
    name = "flag",
    description = "Changes the flags of messages.",
    subcommands = {FlagCommand.Add.class, FlagCommand.Remove.class, FlagCommand.Set.class},
    footerHeading = "%nExamples:%n",
    footer = {
      "  postrider flag add flagged 42",
      "  postrider search --ids from:list | postrider flag add seen -"
    })
final class FlagCommand extends VerbGroup {

  /** One way to change flags. */
  abstract static class Change extends ChangeVerb {
    @Parameters(
        index = "0",
        paramLabel = "FLAG",
        description = "seen, answered, flagged, deleted, draft or a keyword; several with commas.")
    String flag = "";

    @Parameters(
        index = "1..*",
        arity = "1..*",
        paramLabel = "ID",
        description = "UIDs such as 12, 3:9 or 1,4; - reads them from standard input.")
    List<String> ids = List.of();

    private final FlagChange change;

    Change(FlagChange change) {
      this.change = change;
    }

    @Override
    List<String> ids() {
      return ids;
    }

    @Override
    String name() {
      return "flag";
    }

    @Override
    void change(
        Account account, ImapConnection imap, SelectedFolder from, UidSet uids, JsonObject result)
        throws MailFailure {
      List<String> flags = new ArrayList<>();
      for (String word : flag.split(",", -1)) {
        flags.add(MessageFlag.parse(word.strip()));
      }
      from.store(uids, change, flags);
      result.put("change", Postrider.word(change)).put("flags", flags);
    }
  }

  @Command(name = "add", description = "Adds flags.")
  static final class Add extends Change {
    Add() {
      super(FlagChange.ADD);
    }
  }

  @Command(name = "remove", description = "Removes flags.")
  static final class Remove extends Change {
    Remove() {
      super(FlagChange.REMOVE);
    }
  }

  @Command(name = "set", description = "Replaces all flags.")
  static final class Set extends Change {
    Set() {
      super(FlagChange.SET);
    }
  }
}
