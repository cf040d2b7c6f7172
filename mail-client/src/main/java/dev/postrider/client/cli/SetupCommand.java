package dev.postrider.client.cli;

import dev.postrider.client.ExitCode;
import dev.postrider.client.MailFailure;
import dev.postrider.client.accounts.Account;
import dev.postrider.client.accounts.ConfigFile;
import dev.postrider.client.accounts.Endpoint;
import dev.postrider.client.accounts.Fingerprints;
import dev.postrider.client.accounts.PasswordSource;
import dev.postrider.client.accounts.Passwords;
import dev.postrider.client.accounts.TlsMode;
import dev.postrider.client.accounts.Trust;
import dev.postrider.client.compose.Addresses;
import dev.postrider.client.render.JsonObject;
import dev.postrider.client.session.Connector;
import dev.postrider.client.session.Discovered;
import dev.postrider.client.session.Discovery;
import dev.postrider.client.session.ImapConnection;
import dev.postrider.client.session.Submission;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

@Command(
    name = "setup",
    description = {
      "Sets up an account. The servers are found from the address unless they are named; both"
          + " logins are tried before anything is written."
    },
    footerHeading = "%nExamples:%n",
    footer = {
      "  postrider setup you@example.org",
      "  pass show mail | postrider setup you@example.org --password-stdin",
      "  postrider setup a@b.test --imap-host mx.b.test --smtp-host mx.b.test --ca ca.pem \\",
      "      --password-command \"pass show mail\""
    })
final class SetupCommand extends Verb {
  private static final int PASSWORD_OCTETS_MAX = 4096;

  @Parameters(arity = "0..1", paramLabel = "ADDRESS", description = "Your mail address.")
  @Nullable String address;

  @Option(
      names = "--as",
      paramLabel = "NAME",
      description = "The account's name. Default: ADDRESS.")
  @Nullable String accountName;

  @Option(names = "--name", paramLabel = "NAME", description = "Your name, as recipients see it.")
  String displayName = "";

  @Option(names = "--user", paramLabel = "USER", description = "The login name. Default: ADDRESS.")
  @Nullable String user;

  @Mixin ServerOptions servers = new ServerOptions();

  @Option(
      names = "--password-command",
      paramLabel = "COMMAND",
      description = "A shell command that prints the password.")
  @Nullable String passwordCommand;

  @Option(
      names = "--password-stdin",
      description =
          "Reads the password from standard input and keeps it in a file only you can read.")
  boolean passwordStdin;

  @Option(names = "--keyring", description = "Keeps the password in the desktop's keyring.")
  boolean keyring;

  @Option(
      names = "--ca",
      paramLabel = "FILE",
      description = "Believes only authorities in FILE (PEM).")
  @Nullable Path ca;

  @Option(
      names = "--trust-fingerprint",
      paramLabel = "SHA256",
      description = "Believes only the certificate with this fingerprint.")
  @Nullable String fingerprint;

  @Option(
      names = "--allow-plaintext",
      description = "Allows the password to cross a network without TLS.")
  boolean allowPlaintext;

  @Option(names = "--no-check", description = "Does not try to log in.")
  boolean noCheck;

  @Option(names = "--replace", description = "Replaces an account of the same name.")
  boolean replace;

  @Override
  ExitCode run() throws MailFailure, IOException {
    String mail = Addresses.of("", wantedAddress()).getAddress();
    String name = accountName == null ? mail : accountName;
    ConfigFile file = program().configFile();
    requireFree(file, name);
    requireOneSource();
    Trust trust = trust();
    Discovered found = endpoints(mail, trust);
    Account account =
        new Account(
            name,
            mail,
            displayName,
            user == null ? found.user() : user,
            found.imap(),
            found.smtp(),
            trust,
            new PasswordSource.Ask(),
            allowPlaintext,
            true,
            Map.of());
    Secret secret = secret(account);
    Account complete = withSource(account, secret.source());
    if (!noCheck) {
      check(complete, secret.password(complete, this));
    }
    Account stored = withSource(complete, secret.store(file, complete));
    file.put(stored);
    tell(file, stored, found.origin());
    return ExitCode.OK;
  }

  private String wantedAddress() throws MailFailure {
    if (address != null) {
      return address;
    }
    return program()
        .prompt()
        .line("Your mail address: ")
        .filter(a -> !a.isEmpty())
        .orElseThrow(
            () ->
                new MailFailure(
                    ExitCode.USAGE, "no address is given", "run: postrider setup you@example.org"));
  }

  private void requireFree(ConfigFile file, String name) throws MailFailure {
    boolean taken = file.read().accounts().stream().anyMatch(a -> a.name().equals(name));
    if (taken && !replace) {
      throw new MailFailure(
          ExitCode.CONFIG,
          "there is an account \"" + name + "\" already",
          "use --replace to set it up anew, or --as NAME for another one");
    }
  }

  private void requireOneSource() throws MailFailure {
    int sources = (passwordCommand == null ? 0 : 1) + (passwordStdin ? 1 : 0);
    if (sources > 1 || (keyring && passwordCommand != null)) {
      throw new MailFailure(
          ExitCode.USAGE, "--password-command and the other password options exclude each other");
    }
    if (ca != null && fingerprint != null) {
      throw new MailFailure(ExitCode.USAGE, "--ca and --trust-fingerprint exclude each other");
    }
  }

  private Trust trust() throws MailFailure {
    if (fingerprint != null) {
      return Fingerprints.parse(fingerprint)
          .orElseThrow(
              () ->
                  new MailFailure(
                      ExitCode.USAGE, "a fingerprint is a SHA-256: 64 hexadecimal digits"));
    }
    return ca == null ? new Trust.Platform() : new Trust.Authority(ca.toAbsolutePath().normalize());
  }

  /** The servers the user named; those left open are looked for. */
  private Discovered endpoints(String mail, Trust trust) throws MailFailure {
    Optional<Endpoint> imap = servers.imap();
    Optional<Endpoint> smtp = servers.smtp();
    if (imap.isPresent() && smtp.isPresent()) {
      return new Discovered(imap.get(), smtp.get(), mail, "flags");
    }
    note("Looking for the servers of " + mail + " …");
    Discovered found = new Discovery(trust, program().timeouts(), terminal().clock()).find(mail);
    return new Discovered(
        imap.orElse(found.imap()), smtp.orElse(found.smtp()), found.user(), found.origin());
  }

  /** A password on its way into the account: perhaps known already, perhaps to be asked for. */
  private record Secret(
      Optional<String> given, boolean file, boolean keyring, PasswordSource source) {

    String password(Account account, Verb verb) throws MailFailure {
      if (given.isPresent()) {
        return given.get();
      }
      return new Passwords(verb.terminal().environment(), verb.program().prompt()).of(account);
    }

    /** Keeps it where the account will look for it. */
    PasswordSource store(ConfigFile config, Account account) throws MailFailure {
      if (given.isEmpty()) {
        return source;
      }
      if (keyring) {
        Passwords.storeInKeyring(account.user(), given.get());
        return new PasswordSource.Keyring();
      }
      return file
          ? new PasswordSource.File(config.storePassword(fileName(account.name()), given.get()))
          : source;
    }

    private static String fileName(String account) {
      return account.toLowerCase(Locale.ROOT).replaceAll("[^a-z0-9@._+-]", "_");
    }
  }

  private Secret secret(Account account) throws MailFailure, IOException {
    if (passwordCommand != null) {
      return new Secret(
          Optional.empty(), false, false, new PasswordSource.Command(passwordCommand));
    }
    Passwords passwords = new Passwords(terminal().environment(), program().prompt());
    if (passwordStdin) {
      return new Secret(Optional.of(fromStdin()), !keyring, keyring, new PasswordSource.Ask());
    }
    if (keyring) {
      return new Secret(
          Optional.of(passwords.ask(account.user())), false, true, new PasswordSource.Keyring());
    }
    return new Secret(Optional.empty(), false, false, new PasswordSource.Ask());
  }

  private String fromStdin() throws MailFailure, IOException {
    byte[] octets = terminal().in().readNBytes(PASSWORD_OCTETS_MAX);
    String line = new String(octets, StandardCharsets.UTF_8).lines().findFirst().orElse("");
    if (line.isEmpty()) {
      throw new MailFailure(ExitCode.USAGE, "standard input has no password");
    }
    return line;
  }

  private static Account withSource(Account a, PasswordSource source) {
    return new Account(
        a.name(),
        a.address(),
        a.displayName(),
        a.user(),
        a.imap(),
        a.smtp(),
        a.trust(),
        source,
        a.allowPlaintext(),
        a.saveSent(),
        a.folders());
  }

  private void check(Account account, String password) throws MailFailure {
    Connector connector = connector(account, password);
    try (ImapConnection imap = connector.imap()) {
      note("IMAP  " + imap.endpoint() + "  ok");
    }
    try (Submission smtp = connector.smtp(false)) {
      note("SMTP  " + smtp.endpoint() + "  ok");
    }
  }

  private void tell(ConfigFile file, Account account, String origin) {
    if (json()) {
      print(
          JsonObject.ofSchema("setup")
              .put("config", file.path().toAbsolutePath().toString())
              .put("origin", origin)
              .put("checked", !noCheck)
              .put("accounts", List.of(AccountCommand.describe(account))));
    } else {
      note("The account \"" + account.name() + "\" is in " + file.path() + ".");
    }
  }

  /** The flags that name servers. */
  static final class ServerOptions {
    @Option(names = "--imap-host", paramLabel = "HOST", description = "The IMAP server.")
    @Nullable String imapHost;

    @Option(
        names = "--imap-port",
        paramLabel = "PORT",
        description = "Its port. Default: 993 or 143.")
    int imapPort;

    @Option(
        names = "--imap-tls",
        paramLabel = "MODE",
        defaultValue = "tls",
        description = "tls, starttls or none. Default: tls.")
    TlsMode imapTls = TlsMode.TLS;

    @Option(names = "--smtp-host", paramLabel = "HOST", description = "The submission server.")
    @Nullable String smtpHost;

    @Option(
        names = "--smtp-port",
        paramLabel = "PORT",
        description = "Its port. Default: 465 or 587.")
    int smtpPort;

    @Option(
        names = "--smtp-tls",
        paramLabel = "MODE",
        defaultValue = "tls",
        description = "tls, starttls or none. Default: tls.")
    TlsMode smtpTls = TlsMode.TLS;

    Optional<Endpoint> imap() throws MailFailure {
      return endpoint(imapHost, imapPort, imapTls, 993, 143);
    }

    Optional<Endpoint> smtp() throws MailFailure {
      return endpoint(smtpHost, smtpPort, smtpTls, 465, 587);
    }

    private static Optional<Endpoint> endpoint(
        @Nullable String host, int port, TlsMode tls, int tlsPort, int plainPort)
        throws MailFailure {
      if (host == null) {
        return Optional.empty();
      }
      if (host.isBlank() || !host.matches("[A-Za-z0-9._:\\-\\u0080-\\uFFFF]+")) {
        throw new MailFailure(ExitCode.USAGE, "\"" + host + "\" is no host name");
      }
      if (port < 0 || port > 65535) {
        throw new MailFailure(ExitCode.USAGE, "a port is between 1 and 65535");
      }
      int usual = tls == TlsMode.TLS ? tlsPort : plainPort;
      return Optional.of(new Endpoint(host, port == 0 ? usual : port, tls));
    }
  }
}
