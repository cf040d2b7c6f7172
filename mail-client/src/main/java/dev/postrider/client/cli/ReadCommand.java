package dev.postrider.client.cli;

import dev.postrider.client.ExitCode;
import dev.postrider.client.MailFailure;
import dev.postrider.client.accounts.Account;
import dev.postrider.client.render.BodyText;
import dev.postrider.client.render.Dates;
import dev.postrider.client.render.JsonObject;
import dev.postrider.client.render.Palette;
import dev.postrider.client.render.ProgressBar;
import dev.postrider.client.render.SafeText;
import dev.postrider.client.render.Sizes;
import dev.postrider.client.session.Headers;
import dev.postrider.client.session.ImapConnection;
import dev.postrider.client.session.MessageContent;
import dev.postrider.client.session.MessagePart;
import dev.postrider.client.session.Person;
import dev.postrider.client.session.SelectedFolder;
import dev.postrider.client.session.UidSet;
import java.io.IOException;
import java.io.InputStream;
import java.util.List;
import java.util.stream.Collectors;
import picocli.CommandLine.ArgGroup;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

@Command(
    name = "read",
    description = "Shows a message. It stays unread unless --mark-seen says otherwise.",
    footerHeading = "%nExamples:%n",
    footer = {"  postrider read 42", "  postrider read 42 --raw > letter.eml"})
final class ReadCommand extends Verb {
  private static final List<String> SHOWN = List.of("From", "To", "Cc", "Reply-To", "Subject");

  @Parameters(paramLabel = "ID", description = "UID of the message, as list shows it.")
  String id = "";

  @Option(
      names = {"-f", "--folder"},
      paramLabel = "FOLDER",
      defaultValue = "INBOX",
      description = "The folder it is in. Default: INBOX.")
  String folder = "INBOX";

  /** Which view is wanted. */
  static final class View {
    @Option(names = "--raw", description = "The whole message, octet by octet.")
    boolean raw;

    @Option(names = "--headers", description = "All header fields, decoded.")
    boolean headers;

    @Option(names = "--html", description = "The HTML part as it was sent.")
    boolean html;

    @Option(names = "--text", description = "Only the text, without header and attachments.")
    boolean text;
  }

  @ArgGroup(exclusive = true)
  View view = new View();

  @Option(names = "--mark-seen", description = "Marks the message as read.")
  boolean markSeen;

  @Override
  ExitCode run() throws MailFailure, IOException {
    UidSet uids = uids(List.of(id));
    Account account = account();
    try (ImapConnection imap = connector(account).imap()) {
      SelectedFolder selected = imap.select(folder, !markSeen);
      MessageContent message = Opened.message(selected, single(uids));
      try {
        show(account, selected, single(uids), message);
      } finally {
        Opened.close(message);
      }
      if (markSeen) {
        selected.store(uids, SelectedFolder.FlagChange.ADD, List.of("\\Seen"));
      }
    }
    return ExitCode.OK;
  }

  static long single(UidSet uids) throws MailFailure {
    if (!uids.text().matches("[0-9]+")) {
      throw new MailFailure(ExitCode.USAGE, "this verb takes one message, not " + uids);
    }
    return Long.parseLong(uids.text());
  }

  /** None where the message itself goes to the terminal. */
  private ProgressBar fetching() {
    return terminal().outIsTerminal() ? ProgressBar.none() : progress("Fetching the message", -1);
  }

  private void show(Account account, SelectedFolder selected, long uid, MessageContent message)
      throws MailFailure, IOException {
    if (view.raw) {
      try (InputStream raw = message.raw();
          ProgressBar bar = fetching()) {
        bar.counting(raw).transferTo(out());
      }
    } else if (json()) {
      printJson(account, selected, uid, message);
    } else if (view.headers) {
      for (Headers.Field field : message.headers().all()) {
        out().println(SafeText.line(field.name() + ": " + Headers.decode(field.value())));
      }
    } else if (view.html) {
      out().print(forOutput(html(message)));
    } else if (view.text) {
      out().print(forOutput(BodyText.text(message)));
    } else {
      printMessage(message);
    }
  }

  private static String html(MessageContent message) throws MailFailure {
    return BodyText.html(message)
        .orElseThrow(
            () ->
                new MailFailure(
                    ExitCode.DATA, "the message has no HTML part", "read it without --html"));
  }

  private String forOutput(String text) {
    String safe = terminal().outIsTerminal() ? SafeText.lines(text) : text;
    return safe.endsWith("\n") ? safe : safe + "\n";
  }

  private void printMessage(MessageContent message) throws MailFailure {
    Palette palette = program().palette();
    Headers headers = message.headers();
    headers
        .date()
        .ifPresent(date -> printField(palette, "Date", Dates.full(date, terminal().clock())));
    for (String name : SHOWN) {
      String value =
          name.equals("Subject")
              ? headers.decoded(name)
              : headers.people(name).stream()
                  .map(Person::toString)
                  .collect(Collectors.joining(", "));
      if (!value.isEmpty()) {
        printField(palette, name, value);
      }
    }
    out().println();
    String text = SafeText.lines(BodyText.text(message));
    out().print(text.endsWith("\n") ? text : text + "\n");
    List<MessagePart> attachments = message.structure().attachments();
    if (!attachments.isEmpty()) {
      out().println();
    }
    for (MessagePart part : attachments) {
      String name = part.fileName().isEmpty() ? part.mediaType() : part.fileName();
      out()
          .println(
              palette.cyan("[" + part.id() + "] " + SafeText.line(name))
                  + palette.dim(" " + part.mediaType() + ", " + Sizes.of(part.decodedSize())));
    }
  }

  private void printField(Palette palette, String name, String value) {
    out().println(palette.bold(name + ":") + " " + SafeText.line(value));
  }

  private void printJson(Account account, SelectedFolder selected, long uid, MessageContent message)
      throws MailFailure {
    Headers headers = message.headers();
    JsonObject result =
        JsonObject.ofSchema("read")
            .put("account", account.name())
            .put("folder", selected.name())
            .put("uidValidity", selected.uidValidity())
            .put("uid", uid)
            .put("date", headers.date())
            .put("from", Messages.people(headers.people("From")))
            .put("replyTo", Messages.people(headers.people("Reply-To")))
            .put("to", Messages.people(headers.people("To")))
            .put("cc", Messages.people(headers.people("Cc")))
            .put("subject", headers.decoded("Subject"))
            .put("messageId", headers.first("Message-ID"))
            .put("inReplyTo", headers.first("In-Reply-To"))
            .put("headers", fields(headers))
            .put("text", BodyText.text(message))
            .put("html", BodyText.html(message))
            .put("attachments", Messages.parts(message.structure().attachments()));
    print(result);
  }

  private static List<JsonObject> fields(Headers headers) {
    return headers.all().stream()
        .map(f -> new JsonObject().put("name", f.name()).put("value", Headers.decode(f.value())))
        .toList();
  }
}
