package dev.postrider.client.cli;

import dev.postrider.client.ExitCode;
import dev.postrider.client.MailFailure;
import dev.postrider.client.accounts.Account;
import dev.postrider.client.render.JsonObject;
import dev.postrider.client.session.ImapConnection;
import dev.postrider.client.session.MessageSummary;
import dev.postrider.client.session.SearchQuery;
import dev.postrider.client.session.SelectedFolder;
import dev.postrider.client.session.UidSet;
import java.io.IOException;
import java.util.Collections;
import java.util.List;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

@Command(
    name = "search",
    description = {
      "Finds messages in a folder. All terms must match; \"or\" joins two, - excludes one.",
      "Terms: word, \"some words\", from: to: cc: subject: body: text:, after: before: on:"
          + " (2026-01-31), unread read flagged answered, has:attachment, larger: smaller: (5M),"
          + " flag:KEYWORD, id:."
    },
    footerHeading = "%nExamples:%n",
    footer = {
      "  postrider search from:alice subject:\"monthly report\" after:2026-01-01",
      "  postrider search --ids older or stale | postrider move - Archive"
    })
final class SearchCommand extends Verb {
  @Parameters(paramLabel = "QUERY", arity = "1..*", description = "One argument or several.")
  List<String> query = List.of();

  @Option(
      names = {"-f", "--folder"},
      paramLabel = "FOLDER",
      defaultValue = "INBOX",
      description = "The folder. Default: INBOX.")
  String folder = "INBOX";

  @Option(names = "--ids", description = "Only the UIDs, one a line.")
  boolean ids;

  @Option(
      names = "--size",
      paramLabel = "N",
      defaultValue = "100",
      description = "At most so many, the newest first. Default: 100.")
  int size = 100;

  @Override
  ExitCode run() throws MailFailure, IOException {
    SearchQuery parsed = SearchQuery.parse(joined());
    Account account = account();
    try (ImapConnection imap = connector(account).imap()) {
      SelectedFolder selected = imap.select(folder, true);
      List<Long> found = selected.search(parsed);
      if (ids && !json()) {
        found.forEach(uid -> out().println(uid));
        return ExitCode.OK;
      }
      List<Long> newest =
          found.subList(Math.max(0, found.size() - Math.max(1, size)), found.size());
      List<MessageSummary> messages =
          newest.isEmpty() ? List.of() : selected.summaries(UidSet.of(newest));
      tell(account, selected, found, messages.reversed());
    }
    return ExitCode.OK;
  }

  /** The shell has taken the quotes away: {@code subject:"a b"} comes as {@code subject:a b}. */
  private String joined() {
    if (query.size() == 1) {
      return query.getFirst();
    }
    StringBuilder text = new StringBuilder();
    for (String argument : query) {
      boolean needsQuotes = argument.contains(" ") && !argument.contains("\"");
      int colon = argument.indexOf(':');
      if (needsQuotes && colon > 0 && colon < argument.indexOf(' ')) {
        text.append(argument, 0, colon + 1).append('"').append(argument.substring(colon + 1));
        text.append("\" ");
      } else {
        text.append(needsQuotes ? "\"" + argument + "\"" : argument).append(' ');
      }
    }
    return text.toString().strip();
  }

  private void tell(
      Account account, SelectedFolder selected, List<Long> found, List<MessageSummary> messages) {
    if (json()) {
      print(
          JsonObject.ofSchema("search")
              .put("account", account.name())
              .put("folder", selected.name())
              .put("uidValidity", selected.uidValidity())
              .put("total", found.size())
              .put("uids", Collections.unmodifiableList(found))
              .put("messages", messages.stream().map(Messages::json).toList()));
      return;
    }
    int cells = Screen.cells(terminal());
    for (MessageSummary message : messages) {
      out().println(Messages.line(message, program().palette(), terminal().clock(), cells));
    }
    if (found.size() > messages.size()) {
      note(found.size() + " messages match, the newest " + messages.size() + " are shown");
    }
  }
}
