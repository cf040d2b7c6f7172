package dev.postrider.client.cli;

import dev.postrider.client.ExitCode;
import dev.postrider.client.MailFailure;
import dev.postrider.client.accounts.Account;
import dev.postrider.client.render.JsonObject;
import dev.postrider.client.render.SafeText;
import dev.postrider.client.session.FolderInfo;
import dev.postrider.client.session.FolderStatus;
import dev.postrider.client.session.Folders;
import dev.postrider.client.session.ImapConnection;
import java.util.ArrayList;
import java.util.List;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

@Command(
    name = "folder",
    description = "Shows and changes folders.",
    subcommands = {
      FolderCommand.ListAll.class,
      FolderCommand.Create.class,
      FolderCommand.Rename.class,
      FolderCommand.Delete.class,
      FolderCommand.Subscribe.class,
      FolderCommand.Unsubscribe.class,
      FolderCommand.Status.class
    },
    footerHeading = "%nExamples:%n",
    footer = {"  postrider folder list --counts", "  postrider folder create Projects/Bridge"})
final class FolderCommand extends VerbGroup {

  /** Work on folders. */
  abstract static class FolderVerb extends Verb {
    /** Does it and returns the result. */
    abstract JsonObject work(Account account, Folders folders) throws MailFailure;

    @Override
    final ExitCode run() throws MailFailure {
      Account account = account();
      try (ImapConnection imap = connector(account).imap()) {
        JsonObject result = work(account, imap.folders());
        if (json()) {
          print(result);
        }
      }
      return ExitCode.OK;
    }

    static JsonObject result(Account account) {
      return JsonObject.ofSchema("folder").put("account", account.name());
    }

    static JsonObject counts(FolderStatus status, JsonObject into) {
      return into.put("messages", status.messages())
          .put("unseen", status.unseen())
          .put("uidNext", status.uidNext())
          .put("uidValidity", status.uidValidity());
    }
  }

  @Command(name = "list", description = "Lists the folders.")
  static final class ListAll extends FolderVerb {
    @Option(names = "--counts", description = "With the number of messages.")
    boolean counts;

    @Option(names = "--subscribed", description = "Only those that clients are asked to show.")
    boolean subscribed;

    @Override
    JsonObject work(Account account, Folders folders) throws MailFailure {
      List<JsonObject> all = new ArrayList<>();
      for (FolderInfo folder : folders.list()) {
        if (subscribed && !folder.subscribed()) {
          continue;
        }
        JsonObject one =
            new JsonObject()
                .put("name", folder.name())
                .put("use", folder.use())
                .put("subscribed", folder.subscribed())
                .put("selectable", folder.selectable())
                .put("attributes", folder.attributes().stream().sorted().toList());
        String line = SafeText.line(folder.name());
        if (counts && folder.selectable()) {
          FolderStatus status = folders.status(folder.name());
          counts(status, one);
          line += "  " + status.messages() + " (" + status.unseen() + " unread)";
        }
        all.add(one);
        if (!json()) {
          String use = folder.use().isEmpty() ? "" : "  [" + folder.use() + "]";
          out().println(line + program().palette().dim(use));
        }
      }
      return result(account).put("folders", all);
    }
  }

  /** Work on one folder. */
  abstract static class OneFolder extends FolderVerb {
    @Parameters(index = "0", paramLabel = "FOLDER", description = "The folder.")
    String folder = "";

    abstract void act(Folders folders) throws MailFailure;

    @Override
    JsonObject work(Account account, Folders folders) throws MailFailure {
      act(folders);
      return result(account).put("folder", folder);
    }
  }

  @Command(name = "create", description = "Makes a folder and subscribes to it.")
  static final class Create extends OneFolder {
    @Override
    void act(Folders folders) throws MailFailure {
      folders.create(folder);
      folders.subscribe(folder);
    }
  }

  @Command(name = "delete", description = "Deletes a folder with all that is in it.")
  static final class Delete extends OneFolder {
    @Override
    void act(Folders folders) throws MailFailure {
      folders.delete(folder);
      folders.unsubscribe(folder);
    }
  }

  @Command(name = "subscribe", description = "Asks clients to show a folder.")
  static final class Subscribe extends OneFolder {
    @Override
    void act(Folders folders) throws MailFailure {
      folders.subscribe(folder);
    }
  }

  @Command(name = "unsubscribe", description = "Asks clients not to show a folder.")
  static final class Unsubscribe extends OneFolder {
    @Override
    void act(Folders folders) throws MailFailure {
      folders.unsubscribe(folder);
    }
  }

  @Command(name = "rename", description = "Renames a folder.")
  static final class Rename extends OneFolder {
    @Parameters(index = "1", paramLabel = "NAME", description = "The new name.")
    String name = "";

    @Override
    void act(Folders folders) throws MailFailure {
      folders.rename(folder, name);
      folders.subscribe(name);
      folders.unsubscribe(folder);
    }

    @Override
    JsonObject work(Account account, Folders folders) throws MailFailure {
      return super.work(account, folders).put("name", name);
    }
  }

  @Command(name = "status", description = "Counts the messages of a folder.")
  static final class Status extends FolderVerb {
    @Parameters(paramLabel = "FOLDER", defaultValue = "INBOX", description = "Default: INBOX.")
    String folder = "INBOX";

    @Override
    JsonObject work(Account account, Folders folders) throws MailFailure {
      FolderStatus status = folders.status(folder);
      if (!json()) {
        out()
            .println(
                folder + ": " + status.messages() + " messages, " + status.unseen() + " unread");
      }
      return counts(status, result(account).put("folder", folder));
    }
  }
}
