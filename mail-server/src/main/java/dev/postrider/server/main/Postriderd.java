package dev.postrider.server.main;

import dev.postrider.server.config.ConfigException;
import dev.postrider.server.config.ConfigProblem;
import dev.postrider.server.transfer.TransferException;
import dev.postrider.storage.StoreException;
import java.io.PrintStream;
import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** The program. */
@Command(
    name = "postriderd",
    header = "A mail server: SMTP, submission, relay, IMAP.",
    synopsisSubcommandLabel = "COMMAND",
    mixinStandardHelpOptions = true,
    versionProvider = Version.class,
    usageHelpWidth = 100,
    footerHeading = "%nExamples:%n",
    footer = {
      "  postriderd demo                                  try it: a throw-away server, one message",
      "  postriderd init --domain example.org             write a configuration, make an account",
      "  postriderd serve                                 run the server",
      "  postriderd account add alice@example.org         add an account, also while it runs",
      "  postriderd queue list                            see what waits for other servers",
      "  postriderd import alice@example.org ~/Maildir    bring mail in; 'export' takes it out",
    })
public final class Postriderd implements Runnable {

  @Spec private CommandSpec spec;

  private Postriderd() {
    this.spec = CommandSpec.create();
  }

  /** Runs a command line and ends the process with its status. */
  public static void main(String[] args) {
    int status = run(Shell.ofProcess(), args);
    System.exit(status);
  }

  /** Runs a command line; returns the status, as in sysexits.h. */
  static int run(Shell shell, String... args) {
    CommandLine line = new CommandLine(new Postriderd());
    line.addSubcommand("serve", new ServeCommand(shell));
    line.addSubcommand("demo", new DemoCommand(shell));
    line.addSubcommand("init", new InitCommand(shell));
    line.addSubcommand("account", AccountCommand.line(shell));
    line.addSubcommand("queue", QueueCommand.line(shell));
    line.addSubcommand("import", new ImportCommand(shell));
    line.addSubcommand("export", new ExportCommand(shell));
    line.addSubcommand("undelete", new UndeleteCommand(shell));
    line.addSubcommand("verify", new VerifyCommand(shell));
    line.addSubcommand("repair", new RepairCommand(shell));
    line.addSubcommand("collect", new CollectCommand(shell));
    line.addSubcommand("backup", new BackupCommand(shell));
    line.addSubcommand("restore", new RestoreCommand(shell));
    line.addSubcommand("migrate", new MigrateCommand(shell));
    line.addSubcommand("status", new StatusCommand(shell));
    line.addSubcommand("healthcheck", new HealthcheckCommand(shell));
    line.addSubcommand("version", new VersionCommand(shell));
    line.addSubcommand("training", new TrainingCommand(shell));
    line.setCaseInsensitiveEnumValuesAllowed(true);
    line.setOut(writer(shell.out()));
    line.setErr(writer(shell.err()));
    line.setParameterExceptionHandler((wrong, arguments) -> refuseUsage(shell, wrong));
    line.setExecutionExceptionHandler((failed, command, parsed) -> refuse(shell, failed));
    return line.execute(args);
  }

  @Override
  public void run() {
    throw new ParameterException(spec.commandLine(), "a command is missing");
  }

  private static PrintWriter writer(PrintStream stream) {
    return new PrintWriter(stream, true, StandardCharsets.UTF_8);
  }

  private static int refuseUsage(Shell shell, ParameterException wrong) {
    CommandLine command = wrong.getCommandLine();
    shell.err().println("postriderd: " + oneLine(wrong.getMessage()));
    if (!CommandLine.UnmatchedArgumentException.printSuggestions(wrong, command.getErr())) {
      shell.err().println("See '" + command.getCommandSpec().qualifiedName() + " --help'.");
    }
    return ExitCode.USAGE;
  }

  private static int refuse(Shell shell, Exception failed) {
    return switch (failed) {
      case Refusal refusal -> {
        shell.err().println("postriderd: " + oneLine(refusal.getMessage()));
        yield refusal.exitCode();
      }
      case ConfigException wrong -> {
        wrong.problems().stream()
            .map(ConfigProblem::toString)
            .forEach(problem -> shell.err().println("postriderd: " + problem));
        yield ExitCode.CONFIG;
      }
      case StoreException store -> {
        shell.err().println("postriderd: " + oneLine(store.getMessage()));
        yield exitCode(store.kind());
      }
      case TransferException transfer -> {
        shell.err().println("postriderd: " + oneLine(transfer.getMessage()));
        yield exitCode(transfer.kind());
      }
      default -> {
        shell.err().println("postriderd: this is a defect of postriderd; please report it:");
        failed.printStackTrace(shell.err());
        yield ExitCode.SOFTWARE;
      }
    };
  }

  static int exitCode(StoreException.Kind kind) {
    return switch (kind) {
      case NOT_FOUND -> ExitCode.NO_ENTRY;
      case EXISTS, REFUSED, OVER_QUOTA -> ExitCode.DATA;
      case NO_SPACE, CLOSED, UNAVAILABLE -> ExitCode.TEMPORARY;
      case UNUSABLE -> ExitCode.UNAVAILABLE;
      case CORRUPT, FATAL -> ExitCode.IO;
    };
  }

  private static int exitCode(TransferException.Kind kind) {
    return switch (kind) {
      case NO_INPUT -> ExitCode.NO_INPUT;
      case NOT_MAIL -> ExitCode.DATA;
      case CANNOT_CREATE -> ExitCode.CANNOT_CREATE;
      case IO -> ExitCode.IO;
      case BUSY -> ExitCode.TEMPORARY;
    };
  }

  private static String oneLine(@Nullable String text) {
    return Optional.ofNullable(text).orElse("failed").replaceAll("\\s+", " ").strip();
  }
}
