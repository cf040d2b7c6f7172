package dev.postrider.client.cli;

import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** A verb that only has verbs below it. */
abstract class VerbGroup implements Runnable {
  @Spec @Nullable CommandSpec spec;

  @Override
  public final void run() {
    CommandSpec known = spec;
    if (known != null) {
      String words = String.join(", ", known.subcommands().keySet());
      throw new ParameterException(known.commandLine(), known.name() + " wants one of: " + words);
    }
  }
}
