package dev.postrider.client.cli;

import dev.postrider.client.ExitCode;
import dev.postrider.client.MailFailure;
import dev.postrider.client.accounts.Account;
import dev.postrider.client.compose.Addresses;
import dev.postrider.client.compose.Draft;
import dev.postrider.client.compose.HeaderText;
import dev.postrider.client.compose.MediaTypes;
import dev.postrider.client.compose.MessageWriter;
import dev.postrider.client.compose.OutgoingMessage;
import dev.postrider.client.compose.RawMessage;
import dev.postrider.client.compose.Threading;
import jakarta.mail.internet.InternetAddress;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

@Command(
    name = "send",
    description =
        "Sends a message. Without --body or --body-file the text is read from standard input.",
    footerHeading = "%nExamples:%n",
    footer = {
      "  echo Hello | postrider send -t bob@example.org -s Greetings",
      "  postrider send -t bob@example.org -s Report --body \"See attached.\" -a report.pdf",
      "  postrider send --raw letter.eml"
    })
final class SendCommand extends Verb {
  @Option(
      names = {"-t", "--to"},
      paramLabel = "ADDRESS",
      description = "A recipient. May be repeated, or name several with commas.")
  List<String> to = new ArrayList<>();

  @Option(
      names = {"-C", "--cc"},
      paramLabel = "ADDRESS",
      description = "Somebody who gets a copy.")
  List<String> cc = new ArrayList<>();

  @Option(
      names = {"-b", "--bcc"},
      paramLabel = "ADDRESS",
      description = "Somebody who gets a copy without the others knowing.")
  List<String> bcc = new ArrayList<>();

  @Option(
      names = {"-s", "--subject"},
      paramLabel = "TEXT",
      description = "The subject.")
  @Nullable String subject;

  @Option(names = "--from", paramLabel = "ADDRESS", description = "Another sender address.")
  @Nullable String from;

  @Mixin TextOptions text = new TextOptions();

  @Option(names = "--html", paramLabel = "HTML", description = "The text as HTML.")
  @Nullable String html;

  @Option(names = "--html-file", paramLabel = "FILE", description = "A file with the text as HTML.")
  @Nullable Path htmlFile;

  @Option(
      names = {"-a", "--attach"},
      paramLabel = "FILE",
      description = "A file to send along. May be repeated.")
  List<Path> attachments = new ArrayList<>();

  @Option(
      names = "--header",
      paramLabel = "FIELD",
      description = "A header field, \"Name: value\". May be repeated.")
  List<String> fields = new ArrayList<>();

  @Option(
      names = "--in-reply-to",
      paramLabel = "FILE",
      description = "The message this answers, as a file; - for standard input.")
  @Nullable String inReplyTo;

  @Option(
      names = "--raw",
      paramLabel = "FILE",
      description = "Sends a finished message as it is; - for standard input.")
  @Nullable String raw;

  @Mixin Sending sending = new Sending();

  @Override
  ExitCode run() throws MailFailure, IOException {
    Account account = account();
    Path directory = Sending.workDirectory();
    try (OutgoingMessage message =
        raw == null ? compose(account, directory) : raw(directory, raw)) {
      return sending.send(this, "send", account, message);
    } finally {
      Files.deleteIfExists(directory);
    }
  }

  private OutgoingMessage raw(Path directory, String source) throws MailFailure, IOException {
    boolean composed = subject != null || text.given().isPresent() || html != null;
    if (composed || htmlFile != null || !attachments.isEmpty() || !fields.isEmpty()) {
      throw new MailFailure(
          ExitCode.USAGE, "--raw sends a finished message: only recipients and --from go with it");
    }
    List<InternetAddress> recipients = new ArrayList<>(Addresses.parse(to));
    recipients.addAll(Addresses.parse(cc));
    recipients.addAll(Addresses.parse(bcc));
    String sender = from == null ? "" : Addresses.parse(List.of(from)).getFirst().getAddress();
    try (InputStream in = open(source)) {
      return new RawMessage(terminal().clock(), UUID::randomUUID)
          .read(in, directory, recipients, sender);
    }
  }

  private OutgoingMessage compose(Account account, Path directory) throws MailFailure, IOException {
    Draft draft = new Draft(sender(account));
    draft.to(Addresses.parse(to)).cc(Addresses.parse(cc)).bcc(Addresses.parse(bcc));
    draft.subject(subject == null ? "" : subject);
    if (inReplyTo != null) {
      Threading answered = answered(inReplyTo);
      draft.answering(answered.references());
      if (subject == null) {
        draft.subject(answered.replySubject());
      }
    }
    for (String field : fields) {
      draft.field(HeaderText.field(field));
    }
    for (Path file : attachments) {
      String name = String.valueOf(file.getFileName());
      draft.attach(new Draft.Attachment(file, name, MediaTypes.ofName(name)));
    }
    // Mistakes in the flags are told before a person has typed a text.
    if (draft.recipients().isEmpty()) {
      throw new MailFailure(ExitCode.USAGE, "there is no recipient", "name one with --to ADDRESS");
    }
    String markup = htmlFile == null ? html : TextOptions.readFile(htmlFile);
    if (markup != null) {
      draft.html(markup);
    }
    draft.text(text(markup != null));
    return new MessageWriter(terminal().clock(), UUID::randomUUID).write(draft, directory);
  }

  private InternetAddress sender(Account account) throws MailFailure {
    if (from == null) {
      return Addresses.of(account.displayName(), account.address());
    }
    List<InternetAddress> parsed = Addresses.parse(List.of(from));
    if (parsed.size() != 1) {
      throw new MailFailure(ExitCode.USAGE, "--from takes one address");
    }
    return parsed.getFirst();
  }

  private String text(boolean htmlGiven) throws MailFailure, IOException {
    Optional<String> given = text.given();
    if (given.isPresent()) {
      return given.get();
    }
    return htmlGiven || "-".equals(inReplyTo) ? "" : TextOptions.fromStdin(this);
  }

  private Threading answered(String source) throws MailFailure, IOException {
    try (InputStream in = open(source)) {
      return Threading.of(in);
    }
  }

  private InputStream open(String source) throws MailFailure {
    if (source.equals("-")) {
      return terminal().in();
    }
    try {
      return Files.newInputStream(Path.of(source));
    } catch (IOException e) {
      throw TextOptions.unreadable(source, e);
    }
  }
}
