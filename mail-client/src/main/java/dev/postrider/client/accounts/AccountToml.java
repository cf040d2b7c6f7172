package dev.postrider.client.accounts;

import dev.postrider.client.ExitCode;
import dev.postrider.client.MailFailure;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;
import org.tomlj.TomlPosition;
import org.tomlj.TomlTable;

/** Accounts as TOML, both ways. A key it does not know is refused, with its line. */
final class AccountToml {
  private static final Set<String> TOP_KEYS = Set.of("default", "account");
  private static final Set<String> ACCOUNT_KEYS =
      Set.of(
          "address",
          "name",
          "user",
          "imap",
          "smtp",
          "password-command",
          "password-file",
          "keyring",
          "ca",
          "trust-fingerprint",
          "allow-plaintext",
          "save-sent",
          "folders");
  private static final Set<String> ENDPOINT_KEYS = Set.of("host", "port", "tls");
  private static final Set<String> FOLDER_KEYS =
      Set.of("sent", "drafts", "trash", "junk", "archive");

  private final String file;
  private final TomlTable top;

  AccountToml(String file, TomlTable top) {
    this.file = file;
    this.top = top;
  }

  ClientConfig config() throws MailFailure {
    checkKeys(top, TOP_KEYS);
    List<Account> accounts = new ArrayList<>();
    TomlTable tables = table(top, "account");
    if (tables != null) {
      for (String name : tables.keySet()) {
        TomlTable section = table(tables, name);
        if (section != null) {
          accounts.add(account(name, section));
        }
      }
      // The table's own order is not the file's.
      accounts.sort((a, b) -> Integer.compare(line(tables, a.name()), line(tables, b.name())));
    }
    return new ClientConfig(Optional.ofNullable(string(top, "default")), accounts);
  }

  private Account account(String name, TomlTable section) throws MailFailure {
    checkKeys(section, ACCOUNT_KEYS);
    String address = required(section, "address", name);
    Map<String, String> folders = new TreeMap<>();
    TomlTable folderTable = table(section, "folders");
    if (folderTable != null) {
      checkKeys(folderTable, FOLDER_KEYS);
      for (String key : folderTable.keySet()) {
        folders.put(key, required(folderTable, key, name));
      }
    }
    String displayName = string(section, "name");
    String user = string(section, "user");
    return new Account(
        name,
        address,
        displayName == null ? "" : displayName,
        user == null ? address : user,
        endpoint(section, "imap", name, 993, 143),
        endpoint(section, "smtp", name, 465, 587),
        trust(section),
        password(section),
        flag(section, "allow-plaintext", false),
        flag(section, "save-sent", true),
        folders);
  }

  private Endpoint endpoint(TomlTable section, String key, String name, int tlsPort, int plainPort)
      throws MailFailure {
    TomlTable table = table(section, key);
    if (table == null) {
      throw refuse(section, null, "account " + name + " has no [account." + name + "." + key + "]");
    }
    checkKeys(table, ENDPOINT_KEYS);
    String word = string(table, "tls");
    TlsMode tls =
        TlsMode.ofWord(word == null ? "tls" : word.toLowerCase(Locale.ROOT))
            .orElseThrow(() -> refuse(table, "tls", "tls is tls, starttls or none"));
    long port = tls == TlsMode.TLS ? tlsPort : plainPort;
    if (table.contains("port")) {
      if (!table.isLong("port")) {
        throw refuse(table, "port", "port is a number");
      }
      port = table.getLong("port", () -> 0L);
    }
    if (port < 1 || port > 65535) {
      throw refuse(table, "port", "port is between 1 and 65535");
    }
    return new Endpoint(required(table, "host", name), (int) port, tls);
  }

  private Trust trust(TomlTable section) throws MailFailure {
    String fingerprint = string(section, "trust-fingerprint");
    if (fingerprint != null) {
      return Fingerprints.parse(fingerprint)
          .orElseThrow(
              () -> refuse(section, "trust-fingerprint", "not a SHA-256: 64 hexadecimal digits"));
    }
    String ca = string(section, "ca");
    return ca == null ? new Trust.Platform() : new Trust.Authority(Path.of(ca));
  }

  private PasswordSource password(TomlTable section) throws MailFailure {
    String command = string(section, "password-command");
    if (command != null) {
      return new PasswordSource.Command(command);
    }
    String passwordFile = string(section, "password-file");
    if (passwordFile != null) {
      return new PasswordSource.File(Path.of(passwordFile));
    }
    return flag(section, "keyring", false)
        ? new PasswordSource.Keyring()
        : new PasswordSource.Ask();
  }

  private void checkKeys(TomlTable table, Set<String> known) throws MailFailure {
    for (String key : table.keySet()) {
      if (!known.contains(key)) {
        throw refuse(
            table,
            key,
            "unknown key \"" + key + "\"; known are " + String.join(", ", sorted(known)));
      }
    }
  }

  private static List<String> sorted(Set<String> keys) {
    return keys.stream().sorted().toList();
  }

  private @Nullable TomlTable table(TomlTable parent, String key) throws MailFailure {
    if (!parent.contains(List.of(key))) {
      return null;
    }
    if (!parent.isTable(List.of(key))) {
      throw refuse(parent, key, key + " is a table");
    }
    return parent.getTable(List.of(key));
  }

  private @Nullable String string(TomlTable table, String key) throws MailFailure {
    if (!table.contains(List.of(key))) {
      return null;
    }
    if (!table.isString(List.of(key))) {
      throw refuse(table, key, key + " is a string");
    }
    return table.getString(List.of(key));
  }

  private String required(TomlTable table, String key, String account) throws MailFailure {
    String value = string(table, key);
    if (value == null || value.isBlank()) {
      throw refuse(table, key, "account " + account + " has no " + key);
    }
    return value;
  }

  private boolean flag(TomlTable table, String key, boolean otherwise) throws MailFailure {
    if (!table.contains(List.of(key))) {
      return otherwise;
    }
    if (!table.isBoolean(List.of(key))) {
      throw refuse(table, key, key + " is true or false");
    }
    return table.getBoolean(List.of(key), () -> otherwise);
  }

  private static int line(TomlTable table, String key) {
    TomlPosition position = table.inputPositionOf(List.of(key));
    return position == null ? 0 : position.line();
  }

  private MailFailure refuse(TomlTable table, @Nullable String key, String why) {
    int line = key == null ? 0 : line(table, key);
    return new MailFailure(ExitCode.CONFIG, file + (line > 0 ? ":" + line : "") + ": " + why);
  }

  /** The section of the file that describes an account. */
  static String section(Account account) {
    StringBuilder out = new StringBuilder();
    String head = "account." + key(account.name());
    out.append("\n[").append(head).append("]\n");
    line(out, "address", account.address());
    if (!account.displayName().isEmpty()) {
      line(out, "name", account.displayName());
    }
    line(out, "user", account.user());
    switch (account.password()) {
      case PasswordSource.Command c -> line(out, "password-command", c.shell());
      case PasswordSource.File f -> line(out, "password-file", f.path().toString());
      case PasswordSource.Keyring k -> out.append("keyring = true\n");
      case PasswordSource.Ask a -> out.append("# no password source: it is asked for each time\n");
    }
    switch (account.trust()) {
      case Trust.Platform p -> {}
      case Trust.Authority a -> line(out, "ca", a.file().toString());
      case Trust.Fingerprint f -> line(out, "trust-fingerprint", f.sha256());
    }
    if (account.allowPlaintext()) {
      out.append("allow-plaintext = true\n");
    }
    if (!account.saveSent()) {
      out.append("save-sent = false\n");
    }
    endpoint(out, head + ".imap", account.imap());
    endpoint(out, head + ".smtp", account.smtp());
    if (!account.folders().isEmpty()) {
      out.append("[").append(head).append(".folders]\n");
      new TreeMap<>(account.folders()).forEach((name, folder) -> line(out, name, folder));
    }
    return out.toString();
  }

  private static void endpoint(StringBuilder out, String head, Endpoint endpoint) {
    out.append("[").append(head).append("]\n");
    line(out, "host", endpoint.host());
    out.append("port = ").append(endpoint.port()).append('\n');
    line(out, "tls", endpoint.tls().word());
  }

  private static void line(StringBuilder out, String key, String value) {
    out.append(key).append(" = ").append(quote(value)).append('\n');
  }

  private static String key(String name) {
    return name.matches("[A-Za-z0-9_-]+") ? name : quote(name);
  }

  /** The line that names the default account. */
  static String defaultLine(String name) {
    return "default = " + quote(name) + "\n";
  }

  /** A basic string; letters stay readable, unlike with the library's own escaping. */
  private static String quote(String value) {
    StringBuilder out = new StringBuilder("\"");
    for (int i = 0; i < value.length(); i++) {
      char c = value.charAt(i);
      if (c == '"' || c == '\\') {
        out.append('\\').append(c);
      } else if (c < ' ' || c == 0x7F) {
        out.append(String.format(Locale.ROOT, "\\u%04X", (int) c));
      } else {
        out.append(c);
      }
    }
    return out.append('"').toString();
  }
}
