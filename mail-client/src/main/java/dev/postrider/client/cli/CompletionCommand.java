package dev.postrider.client.cli;

import dev.postrider.client.ExitCode;
import dev.postrider.client.MailFailure;
import dev.postrider.client.render.JsonObject;
import picocli.AutoComplete;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;

@Command(
    name = "completion",
    description = "Prints a script that completes verbs and options in a shell.",
    footerHeading = "%nExamples:%n",
    footer = {
      "  source <(postrider completion bash)",
      "  postrider completion zsh > ~/.postrider-completion"
    })
final class CompletionCommand extends Verb {
  @Parameters(paramLabel = "SHELL", defaultValue = "bash", description = "bash or zsh.")
  String shell = "bash";

  @Override
  ExitCode run() throws MailFailure {
    if (!shell.equals("bash") && !shell.equals("zsh")) {
      throw new MailFailure(
          ExitCode.USAGE, "there is no completion for " + shell, "there is one for bash and zsh");
    }
    // One script serves both: in zsh it turns on the emulation itself.
    CommandLine whole = Verbs.commandLine(new Postrider(terminal()), new String[0]);
    String script = AutoComplete.bash("postrider", whole);
    if (json()) {
      print(JsonObject.ofSchema("completion").put("shell", shell).put("script", script));
    } else {
      out().print(script);
    }
    return ExitCode.OK;
  }
}
