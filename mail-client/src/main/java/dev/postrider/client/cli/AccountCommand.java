package dev.postrider.client.cli;

import dev.postrider.client.ExitCode;
import dev.postrider.client.MailFailure;
import dev.postrider.client.accounts.Account;
import dev.postrider.client.accounts.ClientConfig;
import dev.postrider.client.accounts.Endpoint;
import dev.postrider.client.accounts.PasswordSource;
import dev.postrider.client.accounts.Trust;
import dev.postrider.client.render.JsonObject;
import dev.postrider.client.session.Connector;
import dev.postrider.client.session.ImapConnection;
import dev.postrider.client.session.Submission;
import java.util.ArrayList;
import java.util.List;
import picocli.CommandLine.Command;

@Command(
    name = "account",
    description = "Shows and checks accounts.",
    subcommands = {
      AccountCommand.ListAll.class,
      AccountCommand.Show.class,
      AccountCommand.Check.class
    },
    footerHeading = "%nExamples:%n",
    footer = {"  postrider account list", "  postrider account check -A work"})
final class AccountCommand extends VerbGroup {

  static JsonObject describe(Account account) {
    return new JsonObject()
        .put("name", account.name())
        .put("address", account.address())
        .put("displayName", account.displayName())
        .put("user", account.user())
        .put("imap", endpoint(account.imap()))
        .put("smtp", endpoint(account.smtp()))
        .put("trust", trust(account.trust()))
        .put("password", source(account.password()))
        .put("saveSent", account.saveSent());
  }

  private static JsonObject endpoint(Endpoint endpoint) {
    return new JsonObject()
        .put("host", endpoint.host())
        .put("port", endpoint.port())
        .put("tls", endpoint.tls().word());
  }

  private static String trust(Trust trust) {
    return switch (trust) {
      case Trust.Platform p -> "system";
      case Trust.Authority a -> "ca " + a.file();
      case Trust.Fingerprint f -> "sha256 " + f.sha256();
    };
  }

  private static String source(PasswordSource source) {
    return switch (source) {
      case PasswordSource.Command c -> "command";
      case PasswordSource.Keyring k -> "keyring";
      case PasswordSource.File f -> "file " + f.path();
      case PasswordSource.Ask a -> "ask";
    };
  }

  @Command(name = "list", description = "Lists the accounts.")
  static final class ListAll extends Verb {
    @Override
    ExitCode run() throws MailFailure {
      ClientConfig config = program().configFile().read();
      List<JsonObject> all = new ArrayList<>();
      for (Account account : config.accounts()) {
        boolean chosen = config.account(null).equals(account);
        all.add(describe(account).put("default", chosen));
        if (!json()) {
          out().println((chosen ? "* " : "  ") + account.name() + "  " + account.address());
        }
      }
      if (json()) {
        print(JsonObject.ofSchema("account").put("accounts", all));
      } else if (all.isEmpty()) {
        note("No account is set up yet. Run: postrider setup you@example.org");
      }
      return ExitCode.OK;
    }
  }

  @Command(name = "show", description = "Shows the settings of an account.")
  static final class Show extends Verb {
    @Override
    ExitCode run() throws MailFailure {
      Account account = account();
      if (json()) {
        print(JsonObject.ofSchema("account").put("accounts", List.of(describe(account))));
        return ExitCode.OK;
      }
      out().println("account   " + account.name());
      out().println("address   " + account.address());
      out().println("name      " + account.displayName());
      out().println("user      " + account.user());
      out().println("imap      " + account.imap() + " " + account.imap().tls().word());
      out().println("smtp      " + account.smtp() + " " + account.smtp().tls().word());
      out().println("trust     " + trust(account.trust()));
      out().println("password  " + source(account.password()));
      return ExitCode.OK;
    }
  }

  @Command(name = "check", description = "Logs in to both servers of an account.")
  static final class Check extends Verb {
    @Override
    ExitCode run() throws MailFailure {
      Account account = account();
      Connector connector = connector(account);
      try (ImapConnection imap = connector.imap()) {
        imap.select("INBOX", true);
        note("IMAP  " + account.imap() + "  ok");
      }
      try (Submission smtp = connector.smtp(false)) {
        note("SMTP  " + smtp.endpoint() + "  ok");
      }
      if (json()) {
        print(
            JsonObject.ofSchema("account")
                .put(
                    "accounts",
                    List.of(describe(account).put("imapOk", true).put("smtpOk", true))));
      }
      return ExitCode.OK;
    }
  }
}
