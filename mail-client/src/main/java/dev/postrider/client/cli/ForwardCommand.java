package dev.postrider.client.cli;

import dev.postrider.client.MailFailure;
import dev.postrider.client.accounts.Account;
import dev.postrider.client.compose.Addresses;
import dev.postrider.client.compose.Draft;
import dev.postrider.client.compose.Quotation;
import dev.postrider.client.compose.Threading;
import dev.postrider.client.render.BodyText;
import dev.postrider.client.render.ProgressBar;
import dev.postrider.client.render.SafeFileName;
import dev.postrider.client.session.MessageContent;
import dev.postrider.client.session.MessagePart;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.List;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

@Command(
    name = "forward",
    description = {
      "Passes a message on, with its attachments. The text before it comes from --body,"
          + " --body-file or standard input; on a terminal, from $EDITOR."
    },
    footerHeading = "%nExamples:%n",
    footer = {
      "  postrider forward 42 -t carol@example.org --body \"For you.\"",
      "  postrider forward 42 -t carol@example.org --as-attachment --body \"\""
    })
final class ForwardCommand extends AnswerVerb {
  @Option(
      names = {"-t", "--to"},
      paramLabel = "ADDRESS",
      required = true,
      description = "A recipient. May be repeated, or name several with commas.")
  List<String> to = new ArrayList<>();

  @Option(
      names = {"-C", "--cc"},
      paramLabel = "ADDRESS",
      description = "Somebody who gets a copy.")
  List<String> cc = new ArrayList<>();

  @Option(
      names = "--as-attachment",
      description = "The whole message goes along as a file, octet by octet.")
  boolean asAttachment;

  @Override
  Draft draft(Account account, MessageContent original, Path directory)
      throws MailFailure, IOException {
    Threading threading = Threading.of(original.headers());
    Draft draft =
        from(account)
            .to(Addresses.parse(to))
            .cc(Addresses.parse(cc))
            .subject(threading.forwardSubject());
    if (asAttachment) {
      Path file = keep(original.raw(), "the message", -1, directory);
      return draft.attach(new Draft.Attachment(file, "message.eml", "message/rfc822"));
    }
    for (MessagePart part : original.structure().attachments()) {
      String name = SafeFileName.of(part);
      Path file = keep(original.open(part), name, part.decodedSize(), directory);
      // Its name and type may have parameters that matter to nobody but the original's sender.
      draft.attach(new Draft.Attachment(file, name, part.mediaType()));
    }
    return draft;
  }

  /** {@code octets}: about how many will come, or -1. */
  private Path keep(InputStream content, String name, long octets, Path directory)
      throws IOException {
    Path file = Files.createTempFile(directory, "part", "");
    try (content;
        ProgressBar bar = progress("Fetching " + name, octets)) {
      Files.copy(bar.counting(content), file, StandardCopyOption.REPLACE_EXISTING);
    }
    return file;
  }

  @Override
  String quotation(MessageContent original) throws MailFailure {
    return asAttachment ? "" : Quotation.forward(original.headers(), BodyText.text(original));
  }

  @Override
  String flag() {
    return "$Forwarded";
  }

  @Override
  String name() {
    return "forward";
  }
}
