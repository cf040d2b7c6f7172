package dev.postrider.server.main;

import dev.postrider.protocol.address.MailAddress;
import dev.postrider.server.admin.AdminRequest;
import dev.postrider.server.admin.AdminRequest.Password;
import dev.postrider.server.config.ConfigReader;
import dev.postrider.server.config.ConfigSample;
import dev.postrider.server.config.ListenerKind;
import dev.postrider.server.config.ServerConfig;
import dev.postrider.server.net.TlsConfigException;
import dev.postrider.server.net.TlsContext;
import java.io.IOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.security.SecureRandom;
import java.time.Clock;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** Prepares a server: configuration, certificate, first account; says what DNS needs. */
@Command(
    name = "init",
    header = "Write a configuration, make keys and the first account, print DNS records.",
    description = "A configuration that is there already is left alone.",
    mixinStandardHelpOptions = true,
    footer = {
      "",
      "Examples:",
      "  postriderd init --domain example.org",
      "  postriderd init --domain example.org --config ./postrider.toml --data ./data"
    })
final class InitCommand implements Callable<Integer> {

  private final Shell shell;

  @Mixin private final Where where = new Where();

  @Option(
      names = "--domain",
      required = true,
      paramLabel = "D",
      description = "The domain whose mail this server keeps.")
  private String domain = "";

  @Option(
      names = "--hostname",
      paramLabel = "H",
      description = "The name of this server; usually mx. before the domain.")
  private @Nullable String hostname;

  @Option(
      names = "--account",
      paramLabel = "ADDR",
      description = "The first account; usually postmaster at the domain, which must exist.")
  private @Nullable String account;

  InitCommand(Shell shell) {
    this.shell = shell;
  }

  @Override
  public Integer call() throws Exception {
    String name = domain.toLowerCase(Locale.ROOT);
    String host = Optional.ofNullable(hostname).orElse("mx." + name).toLowerCase(Locale.ROOT);
    MailAddress first = firstAccount(name);
    Path file = Optional.ofNullable(where.file).orElse(ConfigReader.USUAL_FILE);
    boolean named = where.file != null;
    where.file = write(file.toAbsolutePath(), name, host);
    ServerConfig config = read(file);
    shell.out().println("Configuration: " + file);
    makeAccount(config, first);
    makeCertificate(config);
    printRecords(name, host);
    shell.out().println("\nStart it with: postriderd serve" + (named ? " --config " + file : ""));
    return ExitCode.OK;
  }

  private MailAddress firstAccount(String domainName) {
    String address = Optional.ofNullable(account).orElse("postmaster@" + domainName);
    return MailAddress.parse(address)
        .filter(parsed -> parsed.domain().equals(domainName))
        .orElseThrow(
            () ->
                new Refusal(
                    ExitCode.USAGE,
                    "'%s' is no address at %s; write --account name@%s"
                        .formatted(address, domainName, domainName)));
  }

  private Path write(Path file, String domainName, String host) {
    Map<String, String> values = new LinkedHashMap<>();
    values.put("hostname", '"' + host + '"');
    values.put("domains", "[\"" + domainName + "\"]");
    Path data = where.data;
    if (data != null) {
      values.put("data", tomlText(data.toAbsolutePath().normalize().toString()));
    }
    for (ListenerKind kind : ListenerKind.values()) {
      values.put(
          "listen." + kind.key(),
          kind == ListenerKind.HTTP ? "\"127.0.0.1:2080\"" : "\"*:" + kind.standardPort() + '"');
    }
    try {
      Files.createDirectories(Optional.ofNullable(file.getParent()).orElse(Path.of("/")));
      return Files.writeString(file, ConfigSample.write(values), StandardOpenOption.CREATE_NEW);
    } catch (FileAlreadyExistsException there) {
      throw new Refusal(
          ExitCode.CANNOT_CREATE,
          file + " is there already, and is left alone; name another with --config");
    } catch (AccessDeniedException denied) {
      throw new Refusal(
          ExitCode.NO_PERMISSION,
          "%s cannot be written: permission denied; name a file and a directory of yours with"
                  .formatted(file)
              + " --config and --data");
    } catch (IOException failed) {
      throw new Refusal(
          ExitCode.CANNOT_CREATE, file + " cannot be written: " + failed.getMessage());
    }
  }

  /**
   * Reads back what was written. A domain or host name that is none shows here: it is taken away.
   */
  private ServerConfig read(Path file) throws Exception {
    try {
      return where.read(shell.environment());
    } catch (Exception wrong) {
      Files.deleteIfExists(file);
      throw wrong;
    }
  }

  private void makeAccount(ServerConfig config, MailAddress address) throws Exception {
    Password password = PasswordOptions.generated(new SecureRandom());
    try {
      new AdminAccess(config, OfflineStore::with)
          .run(new AdminRequest.AddAccount(address, password));
      shell.out().println("Account:       " + address);
      shell.out().println("Password:      " + password.value() + "   (shown only now)");
    } catch (Refusal refused) {
      if (refused.exitCode() != ExitCode.DATA) {
        throw refused;
      }
      shell.out().println("Account:       " + address + " was there already");
    }
  }

  private void makeCertificate(ServerConfig config) {
    try {
      TlsContext.load(config.tls(), config.dataDirectory(), config.hostname(), Clock.systemUTC());
      shell
          .out()
          .println(
              "Certificate:   self-signed, in "
                  + config.dataDirectory().resolve("tls")
                  + "; see [tls] for one of an authority");
    } catch (TlsConfigException failed) {
      throw new Refusal(ExitCode.CANNOT_CREATE, String.valueOf(failed.getMessage()));
    }
  }

  private void printRecords(String domainName, String host) {
    shell.out().println("\nDNS records to set (ADDRESS is that of this machine; AAAA likewise):\n");
    String[][] records = {
      {host, "A", "ADDRESS"},
      {domainName, "MX", "10 " + host + "."},
      {domainName, "TXT", "\"v=spf1 mx -all\""},
      {"_submissions._tcp." + domainName, "SRV", "0 1 465 " + host + "."},
      {"_submission._tcp." + domainName, "SRV", "10 1 587 " + host + "."},
      {"_imaps._tcp." + domainName, "SRV", "0 1 993 " + host + "."},
      {"_imap._tcp." + domainName, "SRV", "10 1 143 " + host + "."},
    };
    for (String[] record : records) {
      shell.out().printf("  %-40s IN %-4s %s%n", record[0] + ".", record[1], record[2]);
    }
    shell.out().println("\nAnd the reverse name (PTR) of ADDRESS: " + host + ".");
  }

  private static String tomlText(String text) {
    return '"' + text.replace("\\", "\\\\").replace("\"", "\\\"") + '"';
  }
}
