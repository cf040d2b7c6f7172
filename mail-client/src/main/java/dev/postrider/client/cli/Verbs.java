package dev.postrider.client.cli;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.Supplier;
import picocli.CommandLine;

/**
 * All verbs by name. Reading the annotations of twenty commands takes longer than listing a
 * mailbox, so only the one that is run is built; help and completion build them all.
 */
final class Verbs {
  private static final Map<String, Supplier<Object>> ALL = new LinkedHashMap<>();

  static {
    ALL.put("setup", SetupCommand::new);
    ALL.put("account", AccountCommand::new);
    ALL.put("folder", FolderCommand::new);
    ALL.put("list", ListCommand::new);
    ALL.put("read", ReadCommand::new);
    ALL.put("save", SaveCommand::new);
    ALL.put("send", SendCommand::new);
    ALL.put("reply", ReplyCommand::new);
    ALL.put("forward", ForwardCommand::new);
    ALL.put("search", SearchCommand::new);
    ALL.put("flag", FlagCommand::new);
    ALL.put("move", MoveCommand::new);
    ALL.put("copy", CopyCommand::new);
    ALL.put("delete", DeleteCommand::new);
    ALL.put("watch", WatchCommand::new);
    ALL.put("probe", ProbeCommand::new);
    ALL.put("completion", CompletionCommand::new);
    ALL.put("version", VersionCommand::new);
  }

  private Verbs() {}

  static java.util.Set<String> names() {
    return ALL.keySet();
  }

  static CommandLine commandLine(Postrider program, String[] arguments) {
    CommandLine line = new CommandLine(program);
    Supplier<Object> wanted = arguments.length == 0 ? null : ALL.get(verb(arguments));
    if (wanted != null) {
      line.addSubcommand(verb(arguments), wanted.get());
    } else {
      ALL.forEach((name, verb) -> line.addSubcommand(name, verb.get()));
    }
    // Settings reach only the verbs that are there by now. Abbreviations would change their meaning
    // as options are added.
    line.setAbbreviatedOptionsAllowed(false);
    line.setAbbreviatedSubcommandsAllowed(false);
    line.setCaseInsensitiveEnumValuesAllowed(true);
    return line;
  }

  /** The first argument that names a verb; options may come before it. */
  private static String verb(String[] arguments) {
    for (String argument : arguments) {
      if (ALL.containsKey(argument)) {
        return argument;
      }
    }
    return "";
  }
}
