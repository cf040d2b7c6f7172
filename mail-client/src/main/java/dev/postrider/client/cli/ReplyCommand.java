package dev.postrider.client.cli;

import dev.postrider.client.MailFailure;
import dev.postrider.client.accounts.Account;
import dev.postrider.client.compose.Draft;
import dev.postrider.client.compose.Quotation;
import dev.postrider.client.compose.Recipients;
import dev.postrider.client.compose.Threading;
import dev.postrider.client.render.BodyText;
import dev.postrider.client.session.MessageContent;
import java.nio.file.Path;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

@Command(
    name = "reply",
    description = {
      "Answers a message. The text comes from --body, --body-file or standard input; on a terminal,"
          + " from $EDITOR."
    },
    footerHeading = "%nExamples:%n",
    footer = {"  postrider reply 42", "  echo Agreed. | postrider reply 42 --all"})
final class ReplyCommand extends AnswerVerb {
  @Option(names = "--all", description = "To everybody who got the message.")
  boolean all;

  @Option(names = "--no-quote", description = "Without the text of the message.")
  boolean noQuote;

  @Override
  Draft draft(Account account, MessageContent original, Path directory) throws MailFailure {
    Threading threading = Threading.of(original.headers());
    Recipients recipients = Recipients.ofReply(original.headers(), account.address(), all);
    return from(account)
        .to(recipients.to())
        .cc(recipients.cc())
        .subject(threading.replySubject())
        .answering(threading.references());
  }

  @Override
  String quotation(MessageContent original) throws MailFailure {
    return noQuote
        ? ""
        : Quotation.reply(
            original.headers(), BodyText.text(original), terminal().clock().getZone());
  }

  @Override
  String flag() {
    return "\\Answered";
  }

  @Override
  String name() {
    return "reply";
  }
}
