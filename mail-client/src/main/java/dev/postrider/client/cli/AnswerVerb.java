package dev.postrider.client.cli;

import dev.postrider.client.ExitCode;
import dev.postrider.client.MailFailure;
import dev.postrider.client.accounts.Account;
import dev.postrider.client.compose.Addresses;
import dev.postrider.client.compose.Draft;
import dev.postrider.client.compose.MediaTypes;
import dev.postrider.client.compose.MessageWriter;
import dev.postrider.client.compose.OutgoingMessage;
import dev.postrider.client.session.ImapConnection;
import dev.postrider.client.session.MessageContent;
import dev.postrider.client.session.SelectedFolder;
import dev.postrider.client.session.SelectedFolder.FlagChange;
import dev.postrider.client.session.UidSet;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.stream.Stream;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** A verb that writes a message about another one: {@code reply} and {@code forward}. */
abstract class AnswerVerb extends Verb {
  @Parameters(index = "0", paramLabel = "ID", description = "UID of the message.")
  String id = "";

  @Option(
      names = {"-f", "--folder"},
      paramLabel = "FOLDER",
      defaultValue = "INBOX",
      description = "The folder it is in. Default: INBOX.")
  String folder = "INBOX";

  @Option(
      names = {"-a", "--attach"},
      paramLabel = "FILE",
      description = "A file to send along. May be repeated.")
  List<Path> attachments = new ArrayList<>();

  @Mixin TextOptions text = new TextOptions();

  @Mixin Sending sending = new Sending();

  /** The new message but for its text; files go into {@code directory}. */
  abstract Draft draft(Account account, MessageContent original, Path directory)
      throws MailFailure, IOException;

  /** What follows the person's own words. */
  abstract String quotation(MessageContent original) throws MailFailure;

  /** The flag the original gets. */
  abstract String flag();

  abstract String name();

  @Override
  final ExitCode run() throws MailFailure, IOException {
    Account account = account();
    long uid = ReadCommand.single(uids(List.of(id)));
    Path directory = Sending.workDirectory();
    try {
      Optional<Draft> written = write(account, uid, directory);
      if (written.isEmpty()) {
        note("Nothing was written, nothing is sent.");
        return ExitCode.OK;
      }
      MessageWriter writer = new MessageWriter(terminal().clock(), UUID::randomUUID);
      ExitCode code;
      try (OutgoingMessage message = writer.write(written.get(), directory)) {
        code = sending.send(this, name(), account, message);
      }
      if (!sending.dryRun) {
        mark(account, uid);
      }
      return code;
    } finally {
      remove(directory);
    }
  }

  /** Closes the connection before a person starts to type: servers hang up on idle clients. */
  private Optional<Draft> write(Account account, long uid, Path directory)
      throws MailFailure, IOException {
    Draft draft;
    String quotation;
    try (ImapConnection imap = connector(account).imap()) {
      SelectedFolder selected = imap.select(folder, true);
      MessageContent original = Opened.message(selected, uid);
      try {
        draft = draft(account, original, directory);
        quotation = quotation(original);
      } finally {
        Opened.close(original);
      }
    }
    for (Path file : attachments) {
      String fileName = String.valueOf(file.getFileName());
      draft.attach(new Draft.Attachment(file, fileName, MediaTypes.ofName(fileName)));
    }
    Optional<String> given = text.given();
    if (given.isEmpty() && terminal().inIsTerminal() && !json()) {
      return TextOptions.edited(this, "\n\n" + quotation).map(draft::text);
    }
    String own = given.isPresent() ? given.get() : TextOptions.fromStdin(this);
    String gap = quotation.isEmpty() ? "" : "\n" + quotation;
    return Optional.of(draft.text(own + gap));
  }

  /** The message is sent: that the original cannot be marked is no reason to fail. */
  private void mark(Account account, long uid) {
    try (ImapConnection imap = connector(account).imap()) {
      SelectedFolder selected = imap.select(folder, false);
      selected.store(UidSet.of(List.of(uid)), FlagChange.ADD, List.of(flag()));
    } catch (MailFailure e) {
      note("postrider: the original could not be marked: " + e.text());
    }
  }

  static Draft from(Account account) throws MailFailure {
    return new Draft(Addresses.of(account.displayName(), account.address()));
  }

  private static void remove(Path directory) throws IOException {
    try (Stream<Path> files = Files.list(directory)) {
      for (Path file : files.toList()) {
        Files.deleteIfExists(file);
      }
    }
    Files.deleteIfExists(directory);
  }
}
