package dev.postrider.client.cli;

import dev.postrider.client.ExitCode;
import dev.postrider.client.render.JsonObject;
import java.util.Objects;
import picocli.CommandLine.Command;

@Command(name = "version", description = "Shows the version of postrider and of Java.")
final class VersionCommand extends Verb {

  /** The version of this build, as its jar says. */
  static String number() {
    return Objects.requireNonNullElse(
        VersionCommand.class.getPackage().getImplementationVersion(), "development");
  }

  @Override
  ExitCode run() {
    String java = Runtime.version().toString();
    if (json()) {
      print(JsonObject.ofSchema("version").put("version", number()).put("java", java));
    } else {
      out().println("postrider " + number() + " (Java " + java + ")");
    }
    return ExitCode.OK;
  }
}
