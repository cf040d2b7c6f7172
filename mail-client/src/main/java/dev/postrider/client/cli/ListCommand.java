package dev.postrider.client.cli;

import dev.postrider.client.ExitCode;
import dev.postrider.client.MailFailure;
import dev.postrider.client.accounts.Account;
import dev.postrider.client.render.JsonObject;
import dev.postrider.client.render.Palette;
import dev.postrider.client.session.ImapConnection;
import dev.postrider.client.session.MessageSummary;
import dev.postrider.client.session.SearchQuery;
import dev.postrider.client.session.SelectedFolder;
import dev.postrider.client.session.UidSet;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

@Command(
    name = "list",
    description = "Lists the messages of a folder, the newest first.",
    footerHeading = "%nExamples:%n",
    footer = {
      "  postrider list",
      "  postrider list -f Sent --page 2",
      "  postrider list --unread --json"
    })
final class ListCommand extends Verb {
  private static final int SIZE_MAX = 10_000;

  @Option(
      names = {"-f", "--folder"},
      paramLabel = "FOLDER",
      defaultValue = "INBOX",
      description = "The folder. Default: INBOX.")
  String folder = "INBOX";

  @Option(
      names = "--page",
      paramLabel = "N",
      defaultValue = "1",
      description = "Which page, 1 being the newest.")
  int page = 1;

  @Option(
      names = "--size",
      paramLabel = "N",
      defaultValue = "25",
      description = "Messages on a page. Default: 25.")
  int size = 25;

  @Option(names = "--unread", description = "Only messages that were not read yet.")
  boolean unread;

  @Option(
      names = "--sort",
      paramLabel = "KEY",
      defaultValue = "arrival",
      description = "arrival, date, from, subject or size. Default: arrival.")
  SortKey sort = SortKey.ARRIVAL;

  @Override
  ExitCode run() throws MailFailure, IOException {
    if (page < 1 || size < 1 || size > SIZE_MAX) {
      throw new MailFailure(
          ExitCode.USAGE, "--page is 1 or more, --size between 1 and " + SIZE_MAX);
    }
    Account account = account();
    try (ImapConnection imap = connector(account).imap()) {
      SelectedFolder selected = imap.select(folder, true);
      Page found = find(imap, selected);
      if (json()) {
        printJson(account, selected, found);
      } else {
        printLines(selected, found);
      }
    }
    return ExitCode.OK;
  }

  /**
   * What is on the page.
   *
   * @param total messages on all pages
   */
  private record Page(List<MessageSummary> messages, int total) {}

  private Page find(ImapConnection imap, SelectedFolder selected) throws MailFailure {
    if (!unread && sort == SortKey.ARRIVAL) {
      return newest(selected);
    }
    SearchQuery query = unread ? SearchQuery.unread() : SearchQuery.all();
    List<Long> uids = sort.uids(imap, selected, query);
    List<Long> onPage = slice(uids);
    List<MessageSummary> messages = inOrder(selected.summaries(UidSet.of(sorted(onPage))), onPage);
    return new Page(messages, uids.size());
  }

  private Page newest(SelectedFolder selected) throws MailFailure {
    long last = selected.count() - (page - 1L) * size;
    if (last < 1) {
      return new Page(List.of(), selected.count());
    }
    int first = (int) Math.max(1, last - size + 1);
    List<MessageSummary> messages = new ArrayList<>(selected.summaries(first, (int) last));
    Collections.reverse(messages);
    return new Page(messages, selected.count());
  }

  private List<Long> slice(List<Long> uids) {
    long from = Math.min(uids.size(), (page - 1L) * size);
    long to = Math.min(uids.size(), from + size);
    return uids.subList((int) from, (int) to);
  }

  private static List<Long> sorted(List<Long> uids) {
    return uids.stream().sorted().toList();
  }

  static List<MessageSummary> inOrder(List<MessageSummary> messages, List<Long> uids) {
    List<MessageSummary> ordered = new ArrayList<>(messages);
    ordered.sort((a, b) -> Integer.compare(uids.indexOf(a.uid()), uids.indexOf(b.uid())));
    return ordered;
  }

  private void printJson(Account account, SelectedFolder selected, Page found) {
    print(
        JsonObject.ofSchema("list")
            .put("account", account.name())
            .put("folder", selected.name())
            .put("uidValidity", selected.uidValidity())
            .put("total", found.total())
            .put("page", page)
            .put("size", size)
            .put("messages", found.messages().stream().map(Messages::json).toList()));
  }

  private void printLines(SelectedFolder selected, Page found) {
    Palette palette = program().palette();
    int cells = Screen.cells(terminal());
    for (MessageSummary message : found.messages()) {
      out().println(Messages.line(message, palette, terminal().clock(), cells));
    }
    if (terminal().outIsTerminal()) {
      int pages = Math.max(1, (found.total() + size - 1) / size);
      note(
          selected.name()
              + ": "
              + found.total()
              + (unread ? " unread" : "")
              + (found.total() == 1 ? " message" : " messages")
              + (pages > 1 ? ", page " + page + " of " + pages : ""));
    }
  }
}
