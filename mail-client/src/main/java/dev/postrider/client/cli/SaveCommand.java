package dev.postrider.client.cli;

import dev.postrider.client.ExitCode;
import dev.postrider.client.MailFailure;
import dev.postrider.client.accounts.Account;
import dev.postrider.client.render.JsonObject;
import dev.postrider.client.render.ProgressBar;
import dev.postrider.client.render.SafeFileName;
import dev.postrider.client.session.ImapConnection;
import dev.postrider.client.session.MessageContent;
import dev.postrider.client.session.MessagePart;
import dev.postrider.client.session.SelectedFolder;
import dev.postrider.client.session.ServerMessage;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

@Command(
    name = "save",
    description = "Saves the attachments of a message. No file is ever replaced.",
    footerHeading = "%nExamples:%n",
    footer = {"  postrider save 42 -d Downloads", "  postrider save 42 --part 2"})
final class SaveCommand extends Verb {
  private static final int CHUNK_OCTETS = 65_536;

  @Parameters(paramLabel = "ID", description = "UID of the message.")
  String id = "";

  @Option(
      names = {"-f", "--folder"},
      paramLabel = "FOLDER",
      defaultValue = "INBOX",
      description = "The folder it is in. Default: INBOX.")
  String folder = "INBOX";

  @Option(
      names = "--part",
      paramLabel = "N",
      description = "Only this part, as read shows it. May be repeated.")
  List<String> parts = new ArrayList<>();

  @Option(
      names = {"-d", "--directory"},
      paramLabel = "DIR",
      description = "Where to. Default: here.")
  @Nullable Path directory;

  private record Saved(MessagePart part, Path file, long octets) {}

  @Override
  ExitCode run() throws MailFailure, IOException {
    Account account = account();
    long uid = ReadCommand.single(uids(List.of(id)));
    Path target = directory == null ? Path.of("") : directory;
    List<Saved> saved = new ArrayList<>();
    try (ImapConnection imap = connector(account).imap()) {
      SelectedFolder selected = imap.select(folder, true);
      MessageContent message = Opened.message(selected, uid);
      try {
        for (MessagePart part : wanted(message)) {
          saved.add(save(message, part, target));
        }
      } finally {
        Opened.close(message);
      }
    }
    tell(account, uid, saved);
    return ExitCode.OK;
  }

  private List<MessagePart> wanted(MessageContent message) throws MailFailure {
    if (parts.isEmpty()) {
      List<MessagePart> all = message.structure().attachments();
      if (all.isEmpty()) {
        throw new MailFailure(ExitCode.DATA, "the message has no attachments");
      }
      return all;
    }
    List<MessagePart> chosen = new ArrayList<>();
    for (String wanted : parts) {
      chosen.add(
          message
              .structure()
              .flatten()
              .filter(p -> p.id().equals(wanted) && !p.isMultipart())
              .findFirst()
              .orElseThrow(
                  () ->
                      new MailFailure(
                          ExitCode.DATA,
                          "the message has no part " + wanted,
                          "postrider read " + id + " shows the parts")));
    }
    return chosen;
  }

  private Saved save(MessageContent message, MessagePart part, Path target)
      throws MailFailure, IOException {
    if (!Files.isDirectory(target.toAbsolutePath())) {
      throw new MailFailure(ExitCode.CANNOT_CREATE, "there is no directory " + target);
    }
    Path file = SafeFileName.free(target, SafeFileName.of(part));
    long octets = 0;
    boolean complete = false;
    // CREATE_NEW: should the name be taken meanwhile, this fails rather than replaces.
    try (InputStream in = message.open(part);
        ProgressBar bar = progress("Saving " + file.getFileName(), part.decodedSize());
        OutputStream out = Files.newOutputStream(file, StandardOpenOption.CREATE_NEW)) {
      byte[] chunk = new byte[CHUNK_OCTETS];
      for (int n = in.read(chunk); n >= 0; n = in.read(chunk)) {
        out.write(chunk, 0, n);
        octets += n;
        bar.advance(n);
      }
      complete = true;
    } catch (ServerMessage.BrokenFetch e) {
      throw e.failure();
    } catch (java.nio.file.FileSystemException e) {
      throw new MailFailure(ExitCode.CANNOT_CREATE, "cannot write " + file + ": " + e.getReason())
          .causedBy(e);
    } finally {
      if (!complete) {
        Files.deleteIfExists(file);
      }
    }
    return new Saved(part, file, octets);
  }

  private void tell(Account account, long uid, List<Saved> saved) {
    if (!json()) {
      saved.forEach(s -> out().println(s.file()));
      return;
    }
    List<JsonObject> files =
        saved.stream()
            .map(
                s ->
                    new JsonObject()
                        .put("part", s.part().id())
                        .put("name", s.part().fileName())
                        .put("type", s.part().mediaType())
                        .put("path", s.file().toAbsolutePath().toString())
                        .put("size", s.octets()))
            .toList();
    print(
        JsonObject.ofSchema("save")
            .put("account", account.name())
            .put("folder", folder)
            .put("uid", uid)
            .put("files", files));
  }
}
