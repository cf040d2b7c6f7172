package dev.postrider.client.cli;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.postrider.client.ExitCode;
import dev.postrider.client.MailFailure;
import dev.postrider.client.accounts.Account;
import dev.postrider.client.render.JsonObject;
import dev.postrider.client.session.MessageSummary;
import dev.postrider.client.session.Watcher;
import java.io.IOException;
import java.io.OutputStream;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

@Command(
    name = "watch",
    description = {
      "Waits for new messages and shows each as it comes; reconnects by itself.",
      "With --exec a shell command is run for each. It gets the message as JSON on standard input,"
          + " and POSTRIDER_UID and POSTRIDER_FOLDER."
    },
    footerHeading = "%nExamples:%n",
    footer = {
      "  postrider watch",
      "  postrider watch --exec 'notify-send \"New mail\"'",
      "  postrider watch --json --count 1"
    })
final class WatchCommand extends Verb {
  @Option(
      names = {"-f", "--folder"},
      paramLabel = "FOLDER",
      defaultValue = "INBOX",
      description = "The folder. Default: INBOX.")
  String folder = "INBOX";

  @Option(names = "--exec", paramLabel = "COMMAND", description = "A command for each message.")
  @Nullable String exec;

  @Option(names = "--count", paramLabel = "N", description = "Ends after so many messages.")
  int count;

  @Override
  ExitCode run() throws MailFailure {
    if (count < 0) {
      throw new MailFailure(ExitCode.USAGE, "--count is 1 or more");
    }
    Account account = account();
    new Watcher(
            connector(account),
            folder,
            Watcher.REISSUE,
            Watcher.POLL,
            WatchCommand::pause,
            () -> ThreadLocalRandom.current().nextDouble())
        .run(new Reporter(account));
    return ExitCode.OK;
  }

  private static void pause(Duration duration) throws MailFailure {
    try {
      boolean never = new CountDownLatch(1).await(duration.toMillis(), TimeUnit.MILLISECONDS);
      if (never) {
        throw new IllegalStateException("nobody counts down");
      }
    } catch (InterruptedException e) {
      throw new MailFailure(ExitCode.TEMPORARY, "interrupted").causedBy(e);
    }
  }

  private final class Reporter implements Watcher.Listener {
    private final Account account;
    private int seen;

    Reporter(Account account) {
      this.account = account;
    }

    @Override
    public void connected(String name, long uidValidity) {
      if (json()) {
        emit(event("connected").put("uidValidity", uidValidity));
      } else {
        note("Watching " + name + " of " + account.name() + " …");
      }
    }

    @Override
    public boolean message(MessageSummary message) throws MailFailure {
      JsonObject event = event("message").put("message", Messages.json(message));
      if (json()) {
        emit(event);
      } else {
        out()
            .println(
                Messages.line(
                    message, program().palette(), terminal().clock(), Screen.cells(terminal())));
        out().flush();
      }
      if (exec != null) {
        execute(exec, message, event);
      }
      seen++;
      return count == 0 || seen < count;
    }

    @Override
    public void lost(MailFailure why, Duration pause) {
      if (json()) {
        emit(event("lost").put("message", why.text()).put("retryMillis", pause.toMillis()));
      } else {
        note("postrider: " + why.text() + "; trying again in " + pause.toSeconds() + " s");
      }
    }

    private JsonObject event(String name) {
      return JsonObject.ofSchema("watch")
          .put("event", name)
          .put("account", account.name())
          .put("folder", folder);
    }

    private void emit(JsonObject event) {
      out().println(event.compact());
      out().flush();
    }

    /** Nothing of the message is put on the command line, where a shell would read it. */
    private void execute(String command, MessageSummary message, JsonObject event)
        throws MailFailure {
      ProcessBuilder builder = new ProcessBuilder("/bin/sh", "-c", command).inheritIO();
      builder.redirectInput(ProcessBuilder.Redirect.PIPE);
      builder.environment().put("POSTRIDER_UID", Long.toString(message.uid()));
      builder.environment().put("POSTRIDER_FOLDER", folder);
      builder.environment().remove("POSTRIDER_PASSWORD");
      try {
        Process process = builder.start();
        feed(process, event);
        int code = process.waitFor();
        if (code != 0) {
          note("postrider: the command ended with " + code + " for message " + message.uid());
        }
      } catch (IOException | InterruptedException e) {
        throw new MailFailure(ExitCode.IO, "cannot run the command: " + e.getMessage()).causedBy(e);
      }
    }

    private void feed(Process process, JsonObject event) {
      try (OutputStream in = process.getOutputStream()) {
        in.write((event.compact() + "\n").getBytes(UTF_8));
      } catch (IOException e) {
        // A command need not read its input.
        note("postrider: the command did not read the message");
      }
    }
  }
}
