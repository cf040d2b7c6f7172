package dev.postrider.server.main;

import dev.postrider.protocol.address.MailAddress;
import dev.postrider.server.admin.AdminRequest;
import dev.postrider.server.admin.AdminRequest.Password;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** Who has mail here. */
@Command(
    name = "account",
    header = "Add, list, change and remove accounts.",
    synopsisSubcommandLabel = "COMMAND",
    mixinStandardHelpOptions = true,
    footer = {
      "",
      "Examples:",
      "  postriderd account add alice@example.org                     asks for a password",
      "  pass show alice | postriderd account add alice@example.org --password-stdin",
      "  postriderd account passwd alice@example.org --generate       prints a new password",
      "  postriderd account quota alice@example.org --storage 2GB --mailboxes none",
      "  postriderd account remove alice@example.org"
    })
final class AccountCommand implements Runnable {

  @Spec private CommandSpec spec = CommandSpec.create();

  static CommandLine line(Shell shell) {
    return new CommandLine(new AccountCommand())
        .addSubcommand("add", new Add(shell))
        .addSubcommand("list", new ListAccounts(shell))
        .addSubcommand("passwd", new ChangePassword(shell))
        .addSubcommand("quota", new ChangeQuota(shell))
        .addSubcommand("remove", new Remove(shell));
  }

  @Override
  public void run() {
    throw new ParameterException(
        spec.commandLine(), "add, list, passwd, quota or remove is missing");
  }

  /** What the verbs have in common. */
  abstract static sealed class Verb implements Callable<Integer> {
    final Shell shell;

    @Mixin private final Where where = new Where();

    private Verb(Shell shell) {
      this.shell = shell;
    }

    final List<Map<String, String>> run(AdminRequest request) throws Exception {
      return new AdminAccess(where.read(shell.environment()), OfflineStore::with).run(request);
    }

    static MailAddress address(String text) {
      return MailAddress.parse(text)
          .orElseThrow(
              () ->
                  new Refusal(
                      ExitCode.USAGE, "'" + text + "' is no address; write alice@example.org"));
    }
  }

  @Command(name = "add", header = "Add an account.", mixinStandardHelpOptions = true)
  static final class Add extends Verb {
    @Parameters(paramLabel = "ADDR", description = "Address, by which it also logs in.")
    private String address = "";

    @Mixin private final PasswordOptions password = new PasswordOptions();

    Add(Shell shell) {
      super(shell);
    }

    @Override
    public Integer call() throws Exception {
      MailAddress account = address(address);
      Password chosen = password.obtain(shell, account);
      run(new AdminRequest.AddAccount(account, chosen));
      shell.out().println("Account " + account + " added.");
      password.show(shell, chosen);
      return ExitCode.OK;
    }
  }

  @Command(name = "list", header = "List the accounts.", mixinStandardHelpOptions = true)
  static final class ListAccounts extends Verb {
    @Option(names = "--json", description = "Print JSON.")
    private boolean json;

    ListAccounts(Shell shell) {
      super(shell);
    }

    @Override
    public Integer call() throws Exception {
      List<Map<String, String>> rows = run(new AdminRequest.ListAccounts());
      if (json) {
        Table.printJson(shell.out(), "accounts", rows);
      } else {
        rows.forEach(row -> shell.out().println(QuotaText.line(row)));
      }
      return ExitCode.OK;
    }
  }

  @Command(
      name = "passwd",
      header = "Give an account another password.",
      mixinStandardHelpOptions = true)
  static final class ChangePassword extends Verb {
    @Parameters(paramLabel = "ADDR", description = "Address of the account.")
    private String address = "";

    @Mixin private final PasswordOptions password = new PasswordOptions();

    ChangePassword(Shell shell) {
      super(shell);
    }

    @Override
    public Integer call() throws Exception {
      MailAddress account = address(address);
      Password chosen = password.obtain(shell, account);
      run(new AdminRequest.ChangePassword(account, chosen));
      shell.out().println("Password of " + account + " changed.");
      password.show(shell, chosen);
      return ExitCode.OK;
    }
  }

  @Command(
      name = "quota",
      header = "Show and limit what an account uses.",
      description = {
        "",
        "Each limit is a number, 'none', or 'default' for that of the configuration. What is not"
            + " named stays as it is. A limit may be below what is used already: then nothing is"
            + " added until there is room."
      },
      mixinStandardHelpOptions = true)
  static final class ChangeQuota extends Verb {
    @Parameters(paramLabel = "ADDR", description = "Address of the account.")
    private String address = "";

    @Option(names = "--storage", paramLabel = "SIZE", description = "Mail, such as 2GB.")
    private @Nullable String storage;

    @Option(names = "--messages", paramLabel = "N", description = "Messages.")
    private @Nullable String messages;

    @Option(names = "--mailboxes", paramLabel = "N", description = "Mailboxes.")
    private @Nullable String mailboxes;

    @Option(names = "--json", description = "Print JSON.")
    private boolean json;

    ChangeQuota(Shell shell) {
      super(shell);
    }

    @Override
    public Integer call() throws Exception {
      List<Map<String, String>> rows =
          run(
              new AdminRequest.ChangeQuota(
                  address(address),
                  QuotaText.size(storage),
                  QuotaText.count(messages),
                  QuotaText.count(mailboxes)));
      if (json) {
        Table.printJson(shell.out(), "accounts", rows);
      } else {
        rows.forEach(row -> QuotaText.lines(row).forEach(shell.out()::println));
      }
      return ExitCode.OK;
    }
  }

  @Command(
      name = "remove",
      header = "Remove an account with all its mail.",
      mixinStandardHelpOptions = true)
  static final class Remove extends Verb {
    @Parameters(paramLabel = "ADDR", description = "Address of the account.")
    private String address = "";

    Remove(Shell shell) {
      super(shell);
    }

    @Override
    public Integer call() throws Exception {
      MailAddress account = address(address);
      run(new AdminRequest.RemoveAccount(account));
      shell.out().println("Account " + account + " removed.");
      return ExitCode.OK;
    }
  }
}
